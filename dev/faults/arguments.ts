import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";

import * as z from "zod";

import { fromCaller } from "../command-line.ts";
import { StackProblem } from "../stack-problem.ts";
import { type FaultPlan, parseFaultPlan } from "./fault-plan.ts";
import { FAULT_PRESETS } from "./presets.ts";

/** What `npm run faults -- …` is to do. */
export type FaultsWish =
  | { readonly kind: "show" }
  /** Null: let everything through. */
  | { readonly kind: "set"; readonly plan: FaultPlan | null };

const USAGE =
  "npm run faults -- --show   or   --off   or   --plan <storm|unsure|slow|file.json|{…}> [--seed <n>]   or   --outage <seconds>";

/** Reads the options of `npm run faults`. Throws StackProblem that says what is wrong. */
export function parseFaultsArguments(options: readonly string[]): FaultsWish {
  try {
    return readWish(options);
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new StackProblem(`${reason.replace(/^\w*Error: /, "")}\nUsage: ${USAGE}`, {
      cause: error,
    });
  }
}

function readWish(options: readonly string[]): FaultsWish {
  const { values } = parseArgs({
    args: [...options],
    options: {
      show: { type: "boolean" },
      off: { type: "boolean" },
      plan: { type: "string" },
      seed: { type: "string" },
      outage: { type: "string" },
    },
  });
  const { show, off, plan, seed, outage } = values;
  const asked = [show, off, plan, outage].filter((value) => value !== undefined);
  if (asked.length > 1) throw new Error("Ask for one thing.");
  if (seed !== undefined && plan === undefined) throw new Error("--seed goes with --plan.");
  if (off) return { kind: "set", plan: null };
  if (outage !== undefined) {
    return { kind: "set", plan: parseFaultPlan({ outageMs: Number(outage) * 1_000 }) };
  }
  if (plan === undefined) return { kind: "show" };
  const found = findPlan(plan);
  return {
    kind: "set",
    plan: seed === undefined ? found : parseFaultPlan({ ...found, seed: Number(seed) }),
  };
}

function findPlan(text: string): FaultPlan {
  if (text.startsWith("{")) return parseFaultPlan(JSON.parse(text));
  const preset = Object.entries(FAULT_PRESETS).find(([name]) => name === text);
  if (preset !== undefined) return preset[1];
  const file = fromCaller(text);
  if (existsSync(file)) return parseFaultPlan(JSON.parse(readFileSync(file, "utf8")));
  throw new Error(`There is no plan and no file "${text}".`);
}
