import * as fc from "fast-check";

import type { Catalog } from "../../src/core/catalog.ts";
import { decide } from "../../src/core/command.ts";
import type { RulesCommand, EventFacts, Operation } from "../../src/core/operation.ts";
import { type PlayerState, rolledDraft } from "../../src/core/reducer.ts";
import { anyCatalog, anyCatalogs, historyStartsAt } from "./arbitraries.ts";
import { after, aPlayer, DAY_MS, HOUR_MS, readableDigest, type Step } from "./player-builders.ts";

/** What was journaled of one player, in order. */
export interface History {
  readonly steps: readonly Step[];
}

/** What somebody wants to happen; whether it becomes an operation depends on the state at that time. */
type Wish =
  | { readonly kind: "event"; readonly event: EventFacts; readonly ageMs: number | null }
  | { readonly kind: "initialize" }
  | { readonly kind: "activate"; readonly goal: number; readonly isActive: boolean }
  | { readonly kind: "claim"; readonly goal: number }
  | { readonly kind: "settle"; readonly claim: number; readonly isGranted: boolean }
  | { readonly kind: "publish" };

type TimedWish = readonly [gapMs: number, wish: Wish];

const anyEvent: fc.Arbitrary<Wish> = fc
  .record({
    kind: fc.constant("event" as const),
    event: fc.record({
      source: fc.constantFrom("statistic" as const, "statistic" as const, "login" as const),
      statCode: fc.constantFrom("kills", "score"),
      latestValue: fc.option(fc.integer({ min: 0, max: 20 })),
      inc: fc.option(fc.integer({ min: 0, max: 5 })),
      timestamp: fc.constant(null),
    }),
    ageMs: fc.option(fc.constantFrom(0, 1, HOUR_MS, DAY_MS, 6 * DAY_MS)),
  })
  .map((wish) => (wish.event.source === "login" ? { ...wish, event: loginOf(wish.event) } : wish));

function loginOf(event: EventFacts): EventFacts {
  return { ...event, latestValue: null, inc: 1 };
}

const anyGoalIndex = fc.nat({ max: 5 });
const anyWish: fc.Arbitrary<Wish> = fc.oneof(
  { weight: 8, arbitrary: anyEvent },
  { weight: 1, arbitrary: fc.constant({ kind: "initialize" as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("activate" as const),
      goal: anyGoalIndex,
      isActive: fc.constantFrom(true, true, false),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("claim" as const), goal: anyGoalIndex }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("settle" as const),
      claim: fc.nat({ max: 2 }),
      isGranted: fc.constantFrom(true, true, false),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "publish" as const }) },
);

const anyWishes: fc.Arbitrary<TimedWish[]> = fc.array(
  fc.tuple(
    fc.constantFrom(0, 1, 60_000, HOUR_MS, 5 * HOUR_MS, 13 * HOUR_MS, DAY_MS, 3 * DAY_MS),
    anyWish,
  ),
  { minLength: 1, maxLength: 40, size: "max" },
);

/** Histories under one catalog. */
export const anyHistory = historiesUnder(anyCatalog.map((catalog) => [catalog]));

/** Histories in which the catalog changes. */
export const anyHistoryWithPublishes = historiesUnder(anyCatalogs);

/** Histories under catalogs that are published one after the other. */
export function historiesUnder(
  anyCatalogs: fc.Arbitrary<readonly Catalog[]>,
): fc.Arbitrary<History> {
  return fc.tuple(anyCatalogs, anyWishes).map(([catalogs, wishes]) => historyOf(catalogs, wishes));
}

function historyOf(catalogs: readonly Catalog[], wishes: readonly TimedWish[]): History {
  const steps: Step[] = [];
  let state: PlayerState = { rows: new Map(), rolled: null };
  let at = historyStartsAt;
  let published = 0;
  for (const [gapMs, wish] of wishes) {
    at += gapMs;
    if (wish.kind === "publish") published += 1;
    const catalog = catalogs[Math.min(published, catalogs.length - 1)];
    if (catalog === undefined) continue;
    const operation = operationOf(wish, state, catalog, at);
    if (operation === null) continue;
    const step = { at, catalog, operation };
    steps.push(step);
    state = after(state, step);
  }
  return { steps };
}

function operationOf(
  wish: Wish,
  state: PlayerState,
  catalog: Catalog,
  at: number,
): Operation | null {
  switch (wish.kind) {
    case "publish":
      return null;
    case "event": {
      const timestamp = wish.ageMs === null ? null : at - wish.ageMs;
      return { kind: "event", event: { ...wish.event, timestamp } };
    }
    case "settle":
      return settlement(state, wish.claim, wish.isGranted);
    case "initialize":
    case "activate":
    case "claim":
      return decided(wish, state, catalog, at);
  }
}

/** A claim is tried goal by goal until one is taken, so that histories are full of them. */
function decided(
  wish: Extract<Wish, { kind: "initialize" | "activate" | "claim" }>,
  state: PlayerState,
  catalog: Catalog,
  at: number,
): Operation | null {
  const { draft } = rolledDraft(state, { catalog, at });
  const context = {
    catalog,
    at,
    digest: readableDigest,
    claimGraceMs: 2 * DAY_MS,
    random: () => 0,
  };
  for (const command of commandsOf(wish, catalog)) {
    const decision = decide(aPlayer(), command, draft, context);
    if (decision.ok) return decision.value;
  }
  return null;
}

function commandsOf(
  wish: Extract<Wish, { kind: "initialize" | "activate" | "claim" }>,
  catalog: Catalog,
): RulesCommand[] {
  if (wish.kind === "initialize") return [{ kind: "initialize" }];
  const all = [...catalog.goals.values()];
  const first = wish.goal % all.length;
  const entries = [...all.slice(first), ...all.slice(0, first)];
  return entries.map(({ goal: { goalId }, challenge }): RulesCommand => {
    const { challengeId } = challenge.challenge;
    if (wish.kind === "claim") return { kind: "claim", challengeId, goalId };
    return { kind: "activate", challengeId, goalId, isActive: wish.isActive };
  });
}

function settlement(state: PlayerState, claim: number, isGranted: boolean): Operation | null {
  const open = [...state.rows.values()].filter((row) => row.openClaim !== null);
  const row = open[claim % Math.max(1, open.length)];
  if (row === undefined || row.openClaim === null) return null;
  const { challengeId, goalId, openClaim } = row;
  const of = { challengeId, goalId, claim: openClaim, attempts: 1 };
  return isGranted
    ? { kind: "claim-granted", ...of }
    : { kind: "claim-rejected", ...of, reason: "refused" };
}
