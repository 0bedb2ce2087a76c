import { expect, test } from "vitest";

import { aClaim } from "../../test/support/player-builders.ts";
import { SimulatedSql } from "../../test/support/simulated-sql.ts";
import type { Operation } from "../core/operation.ts";
import { OpenGrants } from "./open-grants.ts";

const NOW = 1_000;
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

function parked(grantId: string): Operation {
  const of = { challengeId: "first-steps", goalId: "kills", claim: aClaim({ grantId }) };
  return { kind: "claim-parked", ...of, attempts: 7, reason: "no answer" };
}

function note(grants: OpenGrants, operation: Operation): void {
  grants.apply(ADA, operation, NOW);
  grants.store(ADA, operation);
}

function inherited(grants: OpenGrants): string[] {
  return grants.inherited().map(({ claim }) => claim.grantId);
}

test("open grants pass on to the next instance until they are settled", () => {
  const sql = new SimulatedSql();
  const first = new OpenGrants(sql, NOW);
  note(first, started("g1"));
  note(first, started("g2"));
  note(first, rejected("g2"));
  expect(inherited(first)).toEqual([]);
  const second = new OpenGrants(sql, NOW);
  expect(second.inherited()).toMatchObject([{ player: ADA, goalId: "kills" }]);
  note(second, started("g3"));
  expect(inherited(second)).toEqual(["g1"]);
  note(second, rejected("g1"));
  expect([second.size, inherited(second)]).toEqual([1, []]);
});

test("a claim that is made again after its rejection is nobody's inheritance", () => {
  const sql = new SimulatedSql();
  note(new OpenGrants(sql, NOW), started("g1"));
  const grants = new OpenGrants(sql, NOW);
  note(grants, rejected("g1"));
  note(grants, started("g1"));
  expect(inherited(grants)).toEqual([]);
});

test("a parked grant stays open, and is nobody's to ask for, over a restart too", () => {
  const sql = new SimulatedSql();
  const first = new OpenGrants(sql, NOW);
  note(first, started("g1"));
  note(first, parked("g1"));
  const second = new OpenGrants(sql, NOW + 1);
  expect(inherited(second)).toEqual([]);
  expect(second.get("g1")).toMatchObject({ isParked: true, attempts: 7, since: NOW });
});

test("an open grant remembers, over a restart too, that its player was erased", () => {
  const sql = new SimulatedSql();
  const first = new OpenGrants(sql, NOW);
  note(first, started("g1"));
  note(first, { kind: "erase" });
  expect(new OpenGrants(sql, NOW).get("g1")).toMatchObject({ isErased: true });
  note(first, started("g1"));
  expect(new OpenGrants(sql, NOW).get("g1")).toMatchObject({ isErased: false });
});
