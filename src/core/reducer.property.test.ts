import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { anyHistory, anyHistoryWithPublishes } from "../../test/support/histories.ts";
import { after, present, type Step } from "../../test/support/player-builders.ts";
import type { GoalEntry } from "./catalog.ts";
import type { EventFacts } from "./operation.ts";
import type { GoalRow, GoalStatus } from "./player.ts";
import { goalsMovedBy, type PlayerState } from "./reducer.ts";

const nobody: PlayerState = { rows: new Map(), rolled: null };

/** All states that the steps go through, the first one before any of them. */
function statesOf(steps: readonly Step[], from: PlayerState = nobody): PlayerState[] {
  const states = [from];
  for (const step of steps) {
    from = after(from, step);
    states.push(from);
  }
  return states;
}

function rowsAfter(steps: readonly Step[], from: PlayerState = nobody) {
  return present(statesOf(steps, from).at(-1)).rows;
}

describe("a replay", () => {
  it("from the rows as they were stored at any point gives the same rows as from the start", () => {
    fc.assert(
      fc.property(anyHistoryWithPublishes, ({ steps }) => {
        const states = statesOf(steps);
        const expected = present(states.at(-1)).rows;
        for (const [index, { rows }] of states.entries()) {
          // What a restart has: the rows of Postgres, nothing that memory knew about them.
          const stored = { rows: new Map([...rows].toReversed()), rolled: null };
          expect(byId(rowsAfter(steps.slice(index), stored))).toEqual(byId(expected));
        }
      }),
      { numRuns: 100 },
    );
  });

  it("gives the same with and without the remembered instant of the next roll", () => {
    fc.assert(
      fc.property(anyHistoryWithPublishes, ({ steps }) => {
        let forgetful = nobody;
        for (const [index, state] of statesOf(steps).entries()) {
          expect(forgetful.rows).toEqual(state.rows);
          const step = steps[index];
          if (step !== undefined) forgetful = after({ ...forgetful, rolled: null }, step);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("never touches the state that it starts from", () => {
    fc.assert(
      fc.property(anyHistoryWithPublishes, ({ steps }) => {
        let state = nobody;
        for (const step of steps) {
          for (const row of state.rows.values()) Object.freeze(row);
          const before = [...state.rows];
          const next = after(state, step);
          expect([...state.rows]).toEqual(before);
          state = next;
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe("in every history", () => {
  it("event_count is the number of matching events while the goal was active", () => {
    fc.assert(
      fc.property(anyHistoryWithPublishes, ({ steps }) => {
        const counts = new Map<string, number>();
        const states = statesOf(steps);
        steps.forEach(({ at, catalog, operation }, index) => {
          if (operation.kind !== "event") return;
          const { rows } = present(states[index]);
          for (const entry of goalsMovedBy(catalog, operation.event)) {
            const { goalId } = entry.goal;
            const isActive = rows.get(goalId)?.isActive ?? entry.goal.defaultAssigned;
            if (isActive && isInWindow(entry, operation.event, at)) {
              counts.set(goalId, (counts.get(goalId) ?? 0) + 1);
            }
          }
        });
        for (const row of rowsAfter(steps).values()) {
          expect(row.eventCount).toBe(counts.get(row.goalId) ?? 0);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("progress is finite and never negative, and a status has the instants that belong to it", () => {
    fc.assert(
      fc.property(anyHistoryWithPublishes, ({ steps }) => {
        const rows = statesOf(steps).flatMap((state) => [...state.rows.values()]);
        expect(rows.filter((row) => !isSound(row))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it("a status goes back only with a new period", () => {
    fc.assert(
      fc.property(anyHistoryWithPublishes, ({ steps }) => {
        const wentBack = transitions(steps).filter(
          ([before, now]) => rank(now.status) < rank(before.status),
        );
        // Not by its name: a Monday's day and its week start at the same instant, which a publish can swap.
        const stayed = wentBack.filter(([before, now]) => now.periodEndsAt === before.periodEndsAt);
        expect(stayed).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it("a row is dropped by nothing, and its activation is changed by nothing but the player", () => {
    fc.assert(
      fc.property(anyHistoryWithPublishes, ({ steps }) => {
        const others = transitions(steps).filter(
          ([, { goalId }, { operation }]) =>
            operation.kind !== "activate" || operation.goalId !== goalId,
        );
        for (const [before, now] of others) {
          expect(now.isActive).toBe(before.isActive);
          expect(now.assignedAt).toBe(before.assignedAt);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("no grant id is started twice unless its first grant was rejected", () => {
    fc.assert(
      fc.property(anyHistory, ({ steps }) => {
        const taken = new Set<string>();
        const again: string[] = [];
        for (const { operation } of steps) {
          if (operation.kind === "claim-rejected") taken.delete(operation.claim.grantId);
          if (operation.kind !== "claim-started") continue;
          if (taken.has(operation.claim.grantId)) again.push(operation.claim.grantId);
          taken.add(operation.claim.grantId);
        }
        expect(again).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

function isSound(row: GoalRow): boolean {
  const isDone = row.status === "completed" || row.status === "claimed";
  return (
    row.progress >= 0 &&
    Number.isFinite(row.progress) &&
    (row.completedAt !== null) === isDone &&
    (row.claimedAt !== null) === (row.status === "claimed") &&
    (row.period === null) === (row.schedule === null) &&
    (row.periodEndsAt !== null || row.period === null) &&
    // What was completed before its goal rotated stays without a period.
    (row.period !== null || row.periodEndsAt === null || isDone)
  );
}

function isInWindow({ challenge }: GoalEntry, event: EventFacts, at: number): boolean {
  const eventTime = event.timestamp === null || event.timestamp > at ? at : event.timestamp;
  return challenge.startsAtMs <= eventTime && eventTime < challenge.endsAtMs;
}

/** Each row that there was before a step, with what it is after it. */
function transitions(steps: readonly Step[]): (readonly [GoalRow, GoalRow, Step])[] {
  const states = statesOf(steps);
  return steps.flatMap((step, index) => {
    const next = present(states[index + 1]).rows;
    const rows = [...present(states[index]).rows.values()];
    return rows.map((before) => [before, present(next.get(before.goalId)), step] as const);
  });
}

function rank(status: GoalStatus): number {
  return ["not_started", "in_progress", "completed", "claimed"].indexOf(status);
}

function byId(rows: ReadonlyMap<string, GoalRow>): GoalRow[] {
  return [...rows.values()].toSorted((a, b) => (a.goalId < b.goalId ? -1 : 1));
}
