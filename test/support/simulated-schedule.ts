import * as fc from "fast-check";

import type { RepairGrant } from "../../src/core/operation.ts";
import type { GrantOutcome } from "../../src/core/ports.ts";
import type { Fate } from "./simulated-fates.ts";

/** Few players, goals and ids, so that everything meets everything. */
export const PLAYERS = ["ada", "bob", "cyd", "dan"] as const;
export const GOALS = ["kills", "score", "daily", "login"] as const;
const EVENT_IDS_MAX = 60;
const KEYS_MAX = 1;

export interface ScheduledEvent {
  readonly player: number;
  readonly event: number;
  readonly stat: "kills" | "score" | "login";
  readonly value: number;
}

export type ScheduledCommand =
  | "initialize"
  | "activate"
  | "deactivate"
  | "claim"
  | "select"
  | "draw"
  | "reset"
  | "erase";

/** What happens next. */
export type Step =
  | { readonly kind: "events"; readonly events: readonly ScheduledEvent[] }
  | {
      readonly kind: "command";
      readonly player: number;
      readonly command: ScheduledCommand;
      readonly goal: number;
      readonly key: number;
    }
  /** A player is erased, comes back, completes a goal and claims it again, all at once. */
  | { readonly kind: "erase-and-return"; readonly player: number; readonly once: number }
  /** A player completes a goal and claims it, and a while later an operator repairs a grant, whatever state it is in. */
  | {
      readonly kind: "repair";
      readonly player: number;
      readonly once: number;
      readonly laterMs: number;
      readonly which: number;
      readonly repair: RepairGrant["repair"];
      readonly key: number;
    }
  | { readonly kind: "view"; readonly player: number }
  | { readonly kind: "wait"; readonly milliseconds: number }
  /** The instance dies and another starts. */
  | { readonly kind: "restart" }
  /** Another instance starts, the old one goes on without the storage. */
  | { readonly kind: "takeover" }
  /** The old instance gets an alarm or a call. */
  | { readonly kind: "zombie"; readonly gets: "alarm" | "call"; readonly player: number }
  /** A statement arrives whose caller has given up. */
  | { readonly kind: "late"; readonly which: number }
  | { readonly kind: "outage"; readonly milliseconds: number }
  | { readonly kind: "clock"; readonly offsetMs: number }
  /** For a while Postgres refuses what a player's rows hold, or what the ledger must hold of it. */
  | {
      readonly kind: "poison";
      readonly player: number;
      readonly part: "rows" | "grants";
      readonly milliseconds: number;
    }
  | { readonly kind: "lose-alarm" }
  | { readonly kind: "publish"; readonly catalog: number };

export type Grant = GrantOutcome["outcome"] | "paid-then-unknown" | "slow";

/** One run: steps, and the luck of statements and grants, each list used over and over. */
export interface Schedule {
  readonly steps: readonly Step[];
  readonly fates: readonly Fate[];
  readonly delaysMs: readonly number[];
  readonly grants: readonly Grant[];
  /** A grant is parked after this long. */
  readonly parkAfterMs: number;
  readonly residentBytesMax: number;
  readonly flushRowsMax: number;
}

const COMMANDS = [
  "initialize",
  "activate",
  "deactivate",
  "select",
  "draw",
  "reset",
  "erase",
] as const;

const anyPlayer = fc.nat({ max: PLAYERS.length - 1 });

const anyEvent: fc.Arbitrary<ScheduledEvent> = fc.record({
  player: anyPlayer,
  event: fc.nat({ max: EVENT_IDS_MAX }),
  stat: fc.constantFrom("kills", "kills", "score", "login"),
  value: fc.integer({ min: 0, max: 9 }),
});

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant("events" as const),
      events: fc.array(anyEvent, { minLength: 1, maxLength: 5 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("command" as const),
      player: anyPlayer,
      command: fc.oneof(
        { weight: 5, arbitrary: fc.constant<ScheduledCommand>("claim") },
        { weight: 6, arbitrary: fc.constantFrom<ScheduledCommand>(...COMMANDS) },
      ),
      goal: fc.nat({ max: GOALS.length - 1 }),
      key: fc.nat({ max: KEYS_MAX }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("erase-and-return" as const),
      player: anyPlayer,
      // Ids of its own: a repeat would be answered as before, and change nothing.
      once: fc.integer({ min: 1_000, max: 1_000_000 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("repair" as const),
      player: anyPlayer,
      once: fc.nat({ max: 5 }),
      laterMs: fc.constantFrom(20, 1_500, 4_000),
      which: fc.nat({ max: 20 }),
      repair: fc.constantFrom("retry" as const, "deliver" as const, "cancel" as const),
      key: fc.nat({ max: KEYS_MAX }),
    }),
  },
  { weight: 9, arbitrary: fc.record({ kind: fc.constant("view" as const), player: anyPlayer }) },
  {
    weight: 14,
    arbitrary: fc.record({
      kind: fc.constant("wait" as const),
      milliseconds: fc.constantFrom(1, 6, 6, 40, 260, 1_000, 1_100, 2_500, 6_000, 11_000),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "restart" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "takeover" as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("zombie" as const),
      gets: fc.constantFrom("alarm" as const, "call" as const),
      player: anyPlayer,
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("late" as const), which: fc.nat() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("outage" as const),
      milliseconds: fc.constantFrom(500, 3_000, 9_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("clock" as const),
      offsetMs: fc.constantFrom(0, -60_000, -7_200_000, 7_200_000, 86_400_000, 172_800_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("poison" as const),
      player: anyPlayer,
      part: fc.constantFrom("rows" as const, "rows" as const, "grants" as const),
      milliseconds: fc.constantFrom(1_100, 9_000, 100_000),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "lose-alarm" as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("publish" as const), catalog: fc.nat({ max: 2 }) }),
  },
);

/** Over half of all statements go wrong in one way or another, or a fifth of them: then the shard gets further. */
const anyFate = fc.boolean().chain((isStormy) => {
  const arbitrary = fc.constantFrom<Fate>("definite", "lost-request", "lost-answer", "late");
  const fine = fc.constant<Fate>("ok");
  const anyFate = fc.oneof({ weight: isStormy ? 4 : 1, arbitrary }, { weight: 3, arbitrary: fine });
  return fc.array(anyFate, { minLength: 7, maxLength: 40, size: "max" });
});

export const anySchedule: fc.Arbitrary<Schedule> = fc.record({
  steps: fc.array(anyStep, { minLength: 40, maxLength: 160, size: "max" }),
  fates: anyFate,
  delaysMs: fc.array(fc.constantFrom(0, 0, 0, 1, 7, 30, 300), { minLength: 5, maxLength: 23 }),
  grants: fc.array(
    fc.constantFrom<Grant>(
      "granted",
      "granted",
      "rejected",
      "unknown",
      "paid-then-unknown",
      "slow",
    ),
    { minLength: 3, maxLength: 11 },
  ),
  parkAfterMs: fc.constantFrom(500, 86_400_000),
  residentBytesMax: fc.constantFrom(1, 1, 6_000, 16_000_000),
  flushRowsMax: fc.constantFrom(1, 2, 4, 2_000),
});
