import * as z from "zod";

import { StackProblem } from "../stack-problem.ts";
import type { FaultStatus } from "./fault-injector.ts";
import { FAULT_PLAN, type FaultPlan } from "./fault-plan.ts";
import { STATEMENT_KINDS } from "./statement-kind.ts";

/** The endpoint is on this machine: it answers at once, or not at all. */
const CONTROL_TIMEOUT_MS = 5_000;

const STATUS = z.object({
  plan: FAULT_PLAN.nullable(),
  outageLeftMs: z.number(),
  calls: z.partialRecord(z.enum(STATEMENT_KINDS), z.number()),
  injected: z.record(z.string(), z.number()),
  waiting: z.number(),
});

/** What the endpoint does to calls, and has done. Throws StackProblem when nothing answers there. */
export function readFaults(controlUrl: string): Promise<FaultStatus> {
  return ask(controlUrl, { method: "GET" });
}

/** Sets a plan; null lets everything through. Throws StackProblem. */
export function setFaults(controlUrl: string, plan: FaultPlan | null): Promise<FaultStatus> {
  if (plan === null) return ask(controlUrl, { method: "DELETE" });
  return ask(controlUrl, { method: "PUT", body: JSON.stringify(plan) });
}

async function ask(controlUrl: string, init: RequestInit): Promise<FaultStatus> {
  const signal = AbortSignal.timeout(CONTROL_TIMEOUT_MS);
  const response = await fetch(controlUrl, { ...init, signal }).catch((error: unknown) => {
    throw new StackProblem(
      `Nothing answers at ${controlUrl}. Start the local stack first: npm run dev`,
      { cause: error },
    );
  });
  const text = await response.text();
  if (!response.ok) throw new StackProblem(text);
  return STATUS.parse(JSON.parse(text));
}
