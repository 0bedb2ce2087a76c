import { type FaultPlan, parseFaultPlan } from "./fault-plan.ts";
import { SHARD_STATEMENTS } from "./statement-kind.ts";

/** Plans by a name, for `npm run faults` and `npm run chaos`. */
export const FAULT_PRESETS: Readonly<Record<"storm" | "unsure" | "slow", FaultPlan>> = {
  /**
   * Nearly six of ten of the shards' calls go wrong, in every way; most of them commit all the same, which is the harder
   * thing to survive.
   */
  storm: parseFaultPlan({
    only: SHARD_STATEMENTS,
    chances: {
      unavailable: 0.05,
      reset: 0.06,
      "drop-answer": 0.14,
      "commit-then-400": 0.1,
      hang: 0.01,
      late: 0.05,
      replay: 0.14,
      "sql-error": 0.03,
    },
    latencyMs: 2,
    jitterMs: 60,
    laterMs: 3_000,
  }),
  /** Statements commit, and nobody is told. */
  unsure: parseFaultPlan({ chances: { "drop-answer": 0.2, "commit-then-400": 0.2, late: 0.1 } }),
  /** A database far away, and busy. */
  slow: parseFaultPlan({ latencyMs: 150, jitterMs: 350 }),
};
