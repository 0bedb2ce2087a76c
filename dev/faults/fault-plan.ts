import * as z from "zod";

import { randomAt } from "./random.ts";
import { STATEMENT_KINDS, type StatementKind } from "./statement-kind.ts";

/** What can be done to a call. */
export const FAULT_KINDS = [
  /** 503, and nothing has run. */
  "unavailable",
  /** The connection is reset, and nothing has run. */
  "reset",
  /** It has committed, and the connection ends without an answer. */
  "drop-answer",
  /** It has committed, and the answer is a 400 without an SQLSTATE. */
  "commit-then-400",
  /** No answer, and nothing ever runs: the caller has to give up. */
  "hang",
  /** The caller gives up, and some time afterwards it runs. */
  "late",
  /** It is answered, and some time afterwards it runs a second time. */
  "replay",
  /** 400 with an SQLSTATE that is not the data's fault, and nothing has run. */
  "sql-error",
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** Statements that the endpoint alters, to show what their guards are good for; see `weaken.ts`. */
export const WEAKENINGS = ["no-fence", "no-applied", "cut-at-last"] as const;

const milliseconds = z.int().min(0).max(600_000);

/** A plan as it is written; see FaultPlan. */
export const FAULT_PLAN = z
  .strictObject({
    seed: z.int().default(1),
    chances: z.partialRecord(z.enum(FAULT_KINDS), z.number().min(0).max(1)).default({}),
    only: z.array(z.enum(STATEMENT_KINDS)).nullable().default(null),
    latencyMs: milliseconds.default(0),
    jitterMs: milliseconds.default(0),
    laterMs: milliseconds.default(2_000),
    outageMs: milliseconds.default(0),
    exactly: z
      .strictObject({ call: z.int().min(1), fault: z.enum(FAULT_KINDS) })
      .nullable()
      .default(null),
    weaken: z.enum(WEAKENINGS).nullable().default(null),
  })
  .refine(
    ({ chances }) => sumOf(chances) <= 1 + Number.EPSILON,
    "the chances add up to more than 1",
  );

/**
 * What goes wrong between Worker and Postgres. Data: the same plan treats the n-th call alike at every run.
 *
 * - `chances`: of each fault per call, 0 to 1; together at most 1, the rest goes through.
 * - `only`: the statements that are treated; null: all. Calls are counted from 1 among these.
 * - `latencyMs`, `jitterMs`: every call waits that long, and up to that long on top.
 * - `laterMs`: how long at most after the caller gave up, or was answered, a `late` or `replay` runs.
 * - `outageMs`: for so long from when the plan is set every call is reset.
 * - `exactly`: one call and its fault; the chances are for the others.
 */
export type FaultPlan = z.infer<typeof FAULT_PLAN>;

/** What becomes of one call. */
export interface Decision {
  readonly fault: FaultKind | null;
  readonly delayMs: number;
  /** For `late` and `replay`. */
  readonly laterMs: number;
  /** From 0 to below 1, for a fault that has variants. */
  readonly draw: number;
}

/** Fills in what is left out. Throws a ZodError that says what is wrong and where. */
export function parseFaultPlan(value: unknown): FaultPlan {
  return FAULT_PLAN.parse(value);
}

/** Whether the plan has a say about such a statement. */
export function concerns(plan: FaultPlan, kind: StatementKind): boolean {
  return plan.only === null || plan.only.includes(kind);
}

/** Decides about the n-th call, counted from 1. Pure. */
export function decide(plan: FaultPlan, call: number): Decision {
  const chance = (purpose: number) => randomAt(plan.seed, call, purpose);
  return {
    fault: faultOf(plan, call, chance(0)),
    delayMs: plan.latencyMs + Math.round(plan.jitterMs * chance(1)),
    laterMs: Math.round(plan.laterMs * chance(2)),
    draw: chance(3),
  };
}

function faultOf({ chances, exactly }: FaultPlan, call: number, draw: number): FaultKind | null {
  if (exactly?.call === call) return exactly.fault;
  let left = draw;
  for (const kind of FAULT_KINDS) {
    left -= chances[kind] ?? 0;
    if (left < 0) return kind;
  }
  return null;
}

function sumOf(chances: Readonly<Partial<Record<FaultKind, number>>>): number {
  return Object.values(chances).reduce((sum, chance) => sum + chance, 0);
}
