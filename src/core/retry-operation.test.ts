import { expect, test } from "vitest";

import { aRow } from "../../test/support/builders.ts";
import type { ClaimOperation } from "./claim-operation.ts";
import type { LetterOperation } from "./dead-letter.ts";
import type { EventFacts, Operation } from "./operation.ts";
import type { GoalRow, OpenClaim } from "./player.ts";
import { retryOf } from "./retry-operation.ts";

const ARRIVED_AT = 5_000;

function inLetter(operation: Operation): LetterOperation {
  return { position: 1, at: ARRIVED_AT, catalog: { version: "v", seq: 1 }, operation };
}

function anEventWith(timestamp: number | null): Operation {
  const event: EventFacts = {
    source: "statistic",
    statCode: "kills",
    latestValue: null,
    inc: 1,
    timestamp,
  };
  return { kind: "event", event };
}

const CLAIM: OpenClaim = {
  grantId: "g1",
  period: null,
  completedAt: 1_000,
  reward: { type: "ITEM", rewardId: "sword", quantity: 1 },
  round: 0,
  startedAt: 2_000,
  until: null,
};

function retry(operation: Operation, letter: readonly Operation[], row?: GoalRow) {
  const rows = new Map(row === undefined ? [] : [[row.goalId, row]]);
  return retryOf(inLetter(operation), letter.map(inLetter), rows);
}

const STARTED: ClaimOperation = {
  kind: "claim-started",
  challengeId: "c",
  goalId: "kills",
  claim: CLAIM,
};
const GRANTED: ClaimOperation = { ...STARTED, kind: "claim-granted", attempts: 1 };
const REJECTED: ClaimOperation = { ...STARTED, kind: "claim-rejected", attempts: 1, reason: "no" };

test.each([
  { timestamp: null, is: ARRIVED_AT },
  { timestamp: 3_000, is: 3_000 },
  { timestamp: 9_000, is: ARRIVED_AT },
])("an event of $timestamp happened at $is, however late it is retried", ({ timestamp, is }) => {
  expect(retry(anEventWith(timestamp), [])).toEqual({ operation: anEventWith(is) });
});

test("what a player decided is decided again as it was", () => {
  const operation = { kind: "reset", goalIds: ["kills"] } as const;
  expect(retry(operation, [])).toEqual({ operation });
});

test("a claim that was paid is put into the completion of that period and round, and settled there", () => {
  const completed = aRow({ goalId: "kills", status: "completed", completedAt: 8_000 });
  const claim = { ...CLAIM, completedAt: 8_000 };
  const paid = [STARTED, GRANTED];
  expect(retry(STARTED, paid, completed)).toEqual({ operation: { ...STARTED, claim } });
  const open = { ...completed, openClaim: claim };
  expect(retry(GRANTED, paid, open)).toEqual({
    operation: { ...GRANTED, claim, isAnonymous: false },
  });
});

test.each([
  { what: "not completed", row: aRow({ goalId: "kills", status: "in_progress" }) },
  { what: "claimed", row: aRow({ goalId: "kills", status: "claimed", completedAt: 1 }) },
  { what: "reset", row: aRow({ goalId: "kills", status: "completed", completedAt: 1, round: 1 }) },
  {
    what: "in a later period",
    row: aRow({ goalId: "kills", status: "completed", completedAt: 1, period: "p" }),
  },
  { what: "gone", row: undefined },
])("is skipped, with its settlement, where the goal is $what by now", ({ row }) => {
  const paid = [STARTED, GRANTED];
  expect(retry(STARTED, paid, row)).toMatchObject({ status: "skipped" });
  expect(retry(GRANTED, paid, row)).toMatchObject({ status: "skipped" });
});

test("waits while another claim of the goal is in flight", () => {
  const completed = aRow({ goalId: "kills", status: "completed", completedAt: 8_000 });
  const open = { ...completed, openClaim: { ...CLAIM, grantId: "g2" } };
  expect(retry(STARTED, [STARTED, GRANTED], open)).toMatchObject({ status: "refused" });
});

test("a claim that was not paid is the player's to make again", () => {
  const completed = aRow({ goalId: "kills", status: "completed", completedAt: 8_000 });
  for (const letter of [[STARTED], [STARTED, REJECTED]]) {
    for (const operation of letter) {
      expect(retry(operation, letter, completed)).toMatchObject({ status: "skipped" });
    }
  }
});
