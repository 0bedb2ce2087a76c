import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { anyCatalog } from "../../test/support/arbitraries.ts";
import {
  anyHistory,
  anyHistoryWithPublishes,
  historiesUnder,
} from "../../test/support/histories.ts";
import {
  after,
  aPlayer,
  DAY_MS,
  HOUR_MS,
  present,
  readableDigest,
  type Step,
} from "../../test/support/player-builders.ts";
import { type Catalog, indexCatalog } from "./catalog.ts";
import { decide } from "./command.ts";
import { type GoalState, goalState, rolledRows } from "./goal-state.ts";
import type { Operation } from "./operation.ts";
import type { GoalRow } from "./player.ts";
import { type PlayerState, rolledDraft } from "./reducer.ts";

const nobody: PlayerState = { rows: new Map(), rolled: null };
const claimGraceMs = 2 * DAY_MS;

/** What a claim has to answer by what a read shows; the order is that of the domain rules. */
function promised(state: GoalState): string {
  if (!state.isActive) return "GOAL_NOT_ACTIVE";
  if (state.claimPending) return "CLAIM_IN_PROGRESS";
  if (state.status === "completed") {
    return state.locked ? "PREREQUISITES_NOT_MET" : `claims ${state.completedAt}`;
  }
  if (state.lateClaim !== null) return `claims ${state.lateClaim.completedAt}`;
  return state.status === "claimed" ? "ALREADY_CLAIMED" : "GOAL_NOT_COMPLETED";
}

function answered(state: PlayerState, catalog: Catalog, goalId: string, at: number): string | null {
  const challengeId = present(catalog.goals.get(goalId)).challenge.challenge.challengeId;
  const { draft } = rolledDraft(state, { catalog, at });
  const context = { catalog, at, digest: readableDigest, claimGraceMs, random: () => 0 };
  const decision = decide(aPlayer(), { kind: "claim", challengeId, goalId }, draft, context);
  if (!decision.ok) return decision.failure.code;
  const operation = decision.value;
  if (operation.kind !== "claim-started") return null;
  return `claims ${new Date(operation.claim.completedAt).toISOString()}`;
}

describe("a read", () => {
  it("at any later instant shows what a claim at that instant answers", () => {
    fc.assert(
      fc.property(
        anyHistoryWithPublishes,
        fc.constantFrom(0, 1, HOUR_MS, 11 * HOUR_MS, DAY_MS, 2 * DAY_MS, 7 * DAY_MS),
        ({ steps }, laterMs) => {
          let state = nobody;
          for (const step of steps) {
            state = after(state, step);
            const { catalog } = step;
            const now = step.at + laterMs;
            const rows = rolledRows(catalog, [...state.rows.values()], now);
            for (const entry of catalog.goals.values()) {
              const answer = answered(state, catalog, entry.goal.goalId, now);
              const isHidden = answer === "CHALLENGE_NOT_FOUND";
              expect(answer).toBe(isHidden ? answer : promised(goalState(entry, rows, now)));
            }
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});

/** Operations that change nothing about progress: the player toggles a goal and back, or the game initialises again. */
const anyNeutral = fc.record({
  before: fc.nat({ max: 39 }),
  goal: fc.nat({ max: 5 }),
  isToggle: fc.boolean(),
  where: fc.double({ min: 0, max: 1, noNaN: true }),
});
type Neutral = typeof anyNeutral extends fc.Arbitrary<infer T> ? T : never;

/** The rows after the steps, with the neutral operations put in between them. `when`: at which instant. */
function rowsWith(
  steps: readonly Step[],
  neutral: readonly Neutral[],
  when: (previous: number, next: number, where: number) => number,
): PlayerState["rows"] {
  let state = nobody;
  let previous = 0;
  for (const [index, step] of steps.entries()) {
    for (const each of neutral.filter(({ before }) => before % steps.length === index)) {
      previous = Math.max(previous, when(index === 0 ? step.at : previous, step.at, each.where));
      for (const operation of neutralOperations(each, state, step.catalog)) {
        state = after(state, { at: previous, catalog: step.catalog, operation });
      }
    }
    state = after(state, step);
    previous = step.at;
  }
  return state.rows;
}

function neutralOperations(
  { goal, isToggle }: Neutral,
  { rows }: PlayerState,
  catalog: Catalog,
): Operation[] {
  if (!isToggle) return [{ kind: "initialize" }];
  const entries = [...catalog.goals.values()];
  const entry = present(entries[goal % entries.length]);
  const { goalId } = entry.goal;
  const { challengeId } = entry.challenge.challenge;
  const isActive = rows.get(goalId)?.isActive ?? entry.goal.defaultAssigned;
  const toggle = { kind: "activate", challengeId, goalId } as const;
  return [
    { ...toggle, isActive: !isActive },
    { ...toggle, isActive },
  ];
}

/** What counts about rows: not when they were assigned, nor rows in which nothing happened, nor what has run out. */
function essence(rows: ReadonlyMap<string, GoalRow>, steps: readonly Step[]) {
  const now = present(steps.at(-1)).at;
  return [...rows.values()]
    .filter((row) => row.eventCount > 0)
    .toSorted((a, b) => (a.goalId < b.goalId ? -1 : 1))
    .map((row) => {
      const isOpen = row.lateClaim !== null && row.lateClaim.until > now;
      return { ...row, assignedAt: null, lateClaim: isOpen ? row.lateClaim : null };
    });
}

describe("toggles that are taken back, and initialising again, leave the result of the events", () => {
  it("right before any operation", () => {
    const any = anyHistory.filter(({ steps }) => steps.length > 0);
    fc.assert(
      fc.property(any, fc.array(anyNeutral, { minLength: 1 }), ({ steps }, neutral) => {
        const rows = rowsWith(steps, neutral, (_, next) => next);
        expect(essence(rows, steps)).toEqual(essence(rowsWith(steps, [], Math.max), steps));
      }),
      { numRuns: 300 },
    );
  });

  it("at any instant, where no goal has prerequisites: whether a period ends in one step or in many", () => {
    const free = anyCatalog.map((catalog) => [withoutPrerequisites(catalog)]);
    const any = historiesUnder(free).filter(({ steps }) => steps.length > 0);
    fc.assert(
      fc.property(any, fc.array(anyNeutral, { minLength: 1 }), ({ steps }, neutral) => {
        const between = (previous: number, next: number, where: number) =>
          Math.round(previous + (next - previous) * where);
        const rows = rowsWith(steps, neutral, between);
        expect(essence(rows, steps)).toEqual(essence(rowsWith(steps, [], Math.max), steps));
      }),
      { numRuns: 300 },
    );
  });
});

function withoutPrerequisites(catalog: Catalog): Catalog {
  const challenges = catalog.document.challenges.map((challenge) => ({
    ...challenge,
    goals: challenge.goals.map((goal) => ({ ...goal, prerequisites: [] })),
  }));
  return indexCatalog({ challenges }, catalog.version);
}
