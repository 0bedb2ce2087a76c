import { expect, test } from "vitest";

import { aGrantLine } from "../../test/support/flush-builders.ts";
import type { GrantLine, LedgerAhead } from "../core/player.ts";
import { mergedLines } from "./player-record.ts";

const GRANTED = aGrantLine({ grantId: "paid", state: "granted", createdAt: 1_000 });
const PENDING = aGrantLine({ grantId: "open", state: "pending", createdAt: 2_000 });

function merged(stored: readonly GrantLine[], ahead: LedgerAhead | undefined): string[] {
  return mergedLines(stored, ahead).map(({ grantId, state }) => `${grantId} ${state}`);
}

test("without anything on its way the ledger is as Postgres has it", () => {
  expect(merged([PENDING, GRANTED], undefined)).toEqual(["open pending", "paid granted"]);
});

test("a line on its way shows before Postgres has it, the newest first", () => {
  const ahead = { lines: [{ ...PENDING, state: "granted" as const }], isErased: false };
  expect(merged([GRANTED], ahead)).toEqual(["open granted", "paid granted"]);
});

test("a line on its way does not take back what Postgres has as granted", () => {
  const ahead = { lines: [{ ...GRANTED, state: "pending" as const }], isErased: false };
  expect(merged([GRANTED], ahead)).toEqual(["paid granted"]);
});

test("after an erasure only what is still open is the player's", () => {
  const anonymous = { ...aGrantLine({ grantId: "new" }), isAnonymous: true as const };
  const ahead = { lines: [anonymous], isErased: true };
  expect(merged([PENDING, GRANTED], ahead)).toEqual(["open pending"]);
});
