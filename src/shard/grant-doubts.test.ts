import { expect, test } from "vitest";

import { aClaim } from "../../test/support/player-builders.ts";
import { SimulatedSql } from "../../test/support/simulated-sql.ts";
import type { Operation } from "../core/operation.ts";
import { GrantDoubts } from "./grant-doubts.ts";

const ADA = { namespace: "default", userId: "ada" };
const NOON = Date.parse("2026-11-24T12:00:00.000Z");
const NOW = NOON + 3_600_000;

function cancelled(grantId: string): Operation {
  const of = { challengeId: "first-steps", goalId: "kills", claim: aClaim({ grantId }) };
  return { kind: "claim-cancelled", ...of, attempts: 1, isAnonymous: false };
}

test("no claim of a shard that was never set back is in doubt", () => {
  const doubts = new GrantDoubts(new SimulatedSql());
  expect(doubts.since({ grantId: "g1", period: null }, NOW)).toBeNull();
});

test("after a set-back every claim is, but of periods that started later; also for the next instance", () => {
  const sql = new SimulatedSql();
  new GrantDoubts(sql).noteSetBack({ at: NOON + 5, ruledAt: NOON });
  const doubts = new GrantDoubts(sql);
  const since = (period: string | null) => doubts.since({ grantId: "g1", period }, NOW);
  expect(since(null)).toBe(NOON + 5);
  expect(since("2026-11-24T00:00:00.000Z")).toBe(NOON + 5);
  expect(since("2026-11-24T12:00:00.000Z")).toBe(NOON + 5);
  expect(since("not a period")).toBe(NOON + 5);
  expect(since("2026-11-25T00:00:00.000Z")).toBeNull();
});

test("an earlier set-back, as another shard had it, does not lift the doubt of a later one", () => {
  const doubts = new GrantDoubts(new SimulatedSql());
  doubts.noteSetBack({ at: NOON, ruledAt: NOON });
  const earlier = { at: NOON - 10, ruledAt: NOON - 10 };
  doubts.take(ADA, { setBack: earlier, cancelled: [] });
  expect(doubts.since({ grantId: "g1", period: null }, NOW)).toBe(NOON);
});

test("a grant that was cancelled is in doubt now, in every instance, and no other is", () => {
  const sql = new SimulatedSql();
  new GrantDoubts(sql).note(ADA, cancelled("g1"), NOON);
  const doubts = new GrantDoubts(sql);
  expect(doubts.since({ grantId: "g1", period: null }, NOW)).toBe(NOW);
  expect(doubts.since({ grantId: "g2", period: null }, NOW)).toBeNull();
});

test("the newest ten thousand cancelled grants are remembered", () => {
  const doubts = new GrantDoubts(new SimulatedSql());
  for (let n = 0; n <= 10_000; n++) doubts.note(ADA, cancelled(`g${n}`), NOON + n);
  expect(doubts.since({ grantId: "g0", period: null }, NOW)).toBeNull();
  expect(doubts.since({ grantId: "g1", period: null }, NOW)).toBe(NOW);
  expect(doubts.since({ grantId: "g10000", period: null }, NOW)).toBe(NOW);
});

test("what is known of a player, and nobody else's cancelled grants, goes over to a newer shard", () => {
  const older = new GrantDoubts(new SimulatedSql());
  older.note(ADA, cancelled("g1"), NOON);
  older.note({ ...ADA, userId: "bob" }, cancelled("g2"), NOON);
  older.noteSetBack({ at: NOON, ruledAt: NOON });
  const newer = new GrantDoubts(new SimulatedSql());
  newer.take(ADA, older.ofPlayer(ADA));
  expect(newer.ofPlayer(ADA)).toEqual({
    setBack: { at: NOON, ruledAt: NOON },
    cancelled: [{ grantId: "g1", at: NOON }],
  });
});
