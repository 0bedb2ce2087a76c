import type { Catalog, GoalEntry } from "./catalog.ts";
import type { Draft } from "./draft.ts";
import { type Outcome, refuse } from "./errors.ts";
import type { Command, Operation } from "./operation.ts";
import type { GoalRow } from "./player.ts";
import { currentPeriod } from "./roll.ts";

type Reset = Extract<Operation, { kind: "reset" }>;

/** Which rows an operator's reset takes back; refused while a grant of one of them is on its way. */
export function decideReset(
  { goalId }: Extract<Command, { kind: "reset" }>,
  catalog: Catalog,
  draft: Draft,
): Outcome<Reset> {
  const isUnknown =
    goalId !== null && !catalog.goals.has(goalId) && draft.get(goalId) === undefined;
  if (isUnknown) return refuse("GOAL_NOT_FOUND", `There is no goal ${goalId}.`);
  const rows = [...draft.all()].filter((row) => goalId === null || row.goalId === goalId);
  const pending = rows.find((row) => row.openClaim !== null);
  if (pending !== undefined) {
    return refuse(
      "CLAIM_IN_PROGRESS",
      `A claim of goal ${pending.goalId} is in progress; reset the player when it is settled.`,
      { extra: { grantId: pending.openClaim?.grantId ?? null } },
    );
  }
  return { ok: true, value: { kind: "reset", goalIds: rows.map((row) => row.goalId) } };
}

/**
 * The row as if the goal had never been played, in a new round: it can be completed, and paid, again.
 *
 * Activation stays, and so does event_count, which is never reset; the instant of the newest value stays too, so that an old
 * event that comes late does not bring the old value back. The period is the current one, unless the catalog lacks the goal: a
 * completion that is taken back may have been of an earlier one. `now`: epoch milliseconds.
 */
export function resetRow(entry: GoalEntry | undefined, row: GoalRow, now: number): GoalRow {
  return {
    ...row,
    ...(entry === undefined ? {} : currentPeriod(entry.rotation, now)),
    status: "not_started",
    raw: null,
    baseline: null,
    progress: 0,
    completedAt: null,
    claimedAt: null,
    lastDay: null,
    lateClaim: null,
    round: row.round + 1,
  };
}
