import type { Catalog, ProgressMode } from "../../src/core/catalog.ts";
import type { EventFacts, Operation } from "../../src/core/operation.ts";
import type { GoalRow, LateClaim, OpenClaim, PlayerKey } from "../../src/core/player.ts";
import { advance } from "../../src/core/progress.ts";
import { apply, type PlayerState } from "../../src/core/reducer.ts";
import { aCatalog, aGoal, aRow, type GoalWish } from "./builders.ts";

export const noon = Date.UTC(2026, 2, 10, 12);
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** An operation as the journal holds it: with the instant (epoch milliseconds) and the catalog of its replay. */
export interface Step {
  readonly at: number;
  readonly catalog: Catalog;
  readonly operation: Operation;
}

export function aPlayer(wish: Partial<PlayerKey> = {}): PlayerKey {
  return { namespace: "arena", userId: "ada", ...wish };
}

/** A statistic event of `kills` that says nothing yet: wish a latestValue, an inc, or both. */
export function anEvent(wish: Partial<EventFacts> = {}): EventFacts {
  return {
    source: "statistic",
    statCode: "kills",
    latestValue: null,
    inc: null,
    timestamp: null,
    ...wish,
  };
}

export function aLogin(wish: Partial<EventFacts> = {}): EventFacts {
  return anEvent({ source: "login", statCode: "login", inc: 1, ...wish });
}

/** The claim of an `aGoal()` without rotation, completed at 1,000 and claimed at 2,000. */
export function aClaim(wish: Partial<OpenClaim> = {}): OpenClaim {
  return {
    grantId: "grant-1",
    period: null,
    completedAt: 1_000,
    reward: { type: "WALLET", rewardId: "GOLD", quantity: 100 },
    round: 0,
    startedAt: 2_000,
    until: null,
    ...wish,
  };
}

/** A completion of 9 March 2026, open until the end of the 10th. */
export function aLateClaim(wish: Partial<LateClaim> = {}): LateClaim {
  return {
    period: "2026-03-09T00:00:00Z",
    completedAt: Date.UTC(2026, 2, 9, 12),
    reward: { type: "WALLET", rewardId: "GOLD", quantity: 100 },
    round: 0,
    until: Date.UTC(2026, 2, 11),
    ...wish,
  };
}

/** A player's state that has not been rolled yet. */
export function stateOf(rows: Iterable<GoalRow>): PlayerState {
  return { rows: new Map([...rows].map((row) => [row.goalId, row])), rolled: null };
}

/** Applies one step and answers the whole new state; the old one stays as it was. */
export function after(state: PlayerState, { at, catalog, operation }: Step): PlayerState {
  const change = apply(state, operation, { catalog, at });
  const rows = new Map(state.rows);
  for (const row of change.rows) rows.set(row.goalId, row);
  return { rows, rolled: change.rolled };
}

export function inMode(progressMode: ProgressMode): GoalWish {
  return { requirement: { progressMode } };
}

/** An `aGoal()`'s row after events that arrive a second apart from noon on; a timestamp says that one happened earlier. */
export function playEvents(
  goal: GoalWish,
  row: Partial<GoalRow>,
  events: readonly EventFacts[],
): GoalRow {
  const entry = present(aCatalog(aGoal(goal)).goals.get("ten-kills"));
  return events.reduce((before, event, index) => {
    const appliedAt = noon + index * 1_000;
    return advance(entry, before, event, { eventTime: event.timestamp ?? appliedAt, appliedAt });
  }, aRow(row));
}

/** A digest that can be read: the text itself. */
export function readableDigest(text: string): string {
  return text;
}

/** The value, or a failed test that names what was missing. */
export function present<T>(value: T | null | undefined, name = "value"): T {
  if (value === null || value === undefined) throw new Error(`The test expected a ${name}.`);
  return value;
}
