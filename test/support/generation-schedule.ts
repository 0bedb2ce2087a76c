import * as fc from "fast-check";

import type { Command } from "../../src/core/operation.ts";
import type { ShardLayout } from "../../src/shard/routing.ts";
import type { Luck } from "./simulated-deployment.ts";

const FIRST = { generation: 1, count: 2 };
const SECOND = { generation: 2, count: 3 };

/** The number of shards goes up and back again, as a new generation each time. */
export const LAYOUTS: readonly ShardLayout[] = [
  { ...FIRST, older: [] },
  { ...SECOND, older: [FIRST] },
  { generation: 3, count: 2, older: [FIRST, SECOND] },
];

/** Few players and ids, so that duplicates and moves meet. */
export const PLAYERS = ["ada", "bob", "cyd"] as const;
const EVENT_IDS_MAX = 25;

/** What happens next. `worker`: which of the layouts deployed so far the Worker has that makes the call. */
export type GenerationStep =
  | {
      readonly kind: "event";
      readonly player: number;
      readonly event: number;
      readonly worker: number;
    }
  | {
      readonly kind: "command";
      readonly player: number;
      readonly command: "initialize" | "claim" | "deactivate" | "activate" | "erase";
      readonly key: number;
      readonly worker: number;
    }
  | { readonly kind: "view"; readonly player: number; readonly worker: number }
  | { readonly kind: "wait"; readonly milliseconds: number }
  | { readonly kind: "deploy" }
  | { readonly kind: "restart"; readonly shard: number }
  | { readonly kind: "late" };

export interface GenerationSchedule {
  readonly steps: readonly GenerationStep[];
  readonly luck: Luck;
  readonly grantMs: number;
  /** Postgres refuses the first player's rows for as long as things go wrong. */
  readonly isPoisoned: boolean;
}

const player = fc.nat({ max: PLAYERS.length - 1 });
const worker = fc.nat({ max: LAYOUTS.length - 1 });

const anyStep: fc.Arbitrary<GenerationStep> = fc.oneof(
  {
    weight: 14,
    arbitrary: fc.record({
      kind: fc.constant("event" as const),
      player,
      event: fc.nat({ max: EVENT_IDS_MAX }),
      worker,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("command" as const),
      player,
      command: fc.constantFrom(
        "initialize" as const,
        "claim" as const,
        "claim" as const,
        "claim" as const,
        "deactivate" as const,
        "activate" as const,
        "erase" as const,
      ),
      key: fc.nat({ max: 2 }),
      worker,
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("view" as const), player, worker }) },
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant("wait" as const),
      milliseconds: fc.constantFrom(1, 6, 6, 60, 300, 1_000, 1_500, 3_000, 6_000),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: "deploy" as const }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("restart" as const), shard: fc.nat({ max: 6 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "late" as const }) },
);

export const anyGenerationSchedule: fc.Arbitrary<GenerationSchedule> = fc.record({
  steps: fc.array(anyStep, { minLength: 20, maxLength: 90, size: "max" }),
  luck: fc.record({
    statements: fc.array(
      fc.oneof(
        { weight: 8, arbitrary: fc.constant("ok" as const) },
        {
          weight: 4,
          arbitrary: fc.constantFrom(
            "definite" as const,
            "lost-request" as const,
            "lost-answer" as const,
            "late" as const,
          ),
        },
      ),
      { minLength: 1, maxLength: 12 },
    ),
    calls: fc.array(
      fc.constantFrom(
        "ok" as const,
        "ok" as const,
        "lost-request" as const,
        "lost-answer" as const,
      ),
      {
        minLength: 1,
        maxLength: 8,
      },
    ),
    delaysMs: fc.array(fc.constantFrom(0, 0, 3, 40, 400, 2_000), { minLength: 1, maxLength: 8 }),
  }),
  grantMs: fc.constantFrom(0, 1_200, 4_000),
  isPoisoned: fc.boolean(),
});

/** The command that a step stands for. */
export function commandOf(
  command: Extract<GenerationStep, { kind: "command" }>["command"],
): Command {
  const target = { challengeId: "all", goalId: "kills" };
  switch (command) {
    case "initialize":
      return { kind: "initialize" };
    case "claim":
      return { kind: "claim", ...target };
    case "activate":
      return { kind: "activate", ...target, isActive: true };
    case "deactivate":
      return { kind: "activate", ...target, isActive: false };
    case "erase":
      return { kind: "erase" };
  }
}
