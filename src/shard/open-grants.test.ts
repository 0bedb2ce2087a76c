import { expect, test } from "vitest";

import { aClaim } from "../../test/support/player-builders.ts";
import { SimulatedSql } from "../../test/support/simulated-sql.ts";
import type { Operation } from "../core/operation.ts";
import { OpenGrants } from "./open-grants.ts";

const ADA = { namespace: "default", userId: "ada" };

function started(grantId: string): Operation {
  const claim = aClaim({ grantId });
  return { kind: "claim-started", challengeId: "first-steps", goalId: "kills", claim };
}

function rejected(grantId: string): Operation {
  const claim = aClaim({ grantId });
  const of = { challengeId: "first-steps", goalId: "kills", claim };
  return { kind: "claim-rejected", ...of, attempts: 1, reason: "no gold" };
}

function inherited(grants: OpenGrants): string[] {
  return grants.inherited().map(({ claim }) => claim.grantId);
}

test("open grants pass on to the next instance until they are settled", () => {
  const sql = new SimulatedSql();
  const first = new OpenGrants(sql);
  first.note(ADA, started("g1"));
  first.note(ADA, started("g2"));
  first.note(ADA, rejected("g2"));
  expect(inherited(first)).toEqual([]);
  const second = new OpenGrants(sql);
  expect(second.inherited()).toMatchObject([{ player: ADA, goalId: "kills" }]);
  second.note(ADA, started("g3"));
  expect(inherited(second)).toEqual(["g1"]);
  second.note(ADA, rejected("g1"));
  expect([second.size, inherited(second)]).toEqual([1, []]);
});

test("a claim that is made again after its rejection is nobody's inheritance", () => {
  const sql = new SimulatedSql();
  new OpenGrants(sql).note(ADA, started("g1"));
  const grants = new OpenGrants(sql);
  grants.note(ADA, rejected("g1"));
  grants.note(ADA, started("g1"));
  expect(inherited(grants)).toEqual([]);
});
