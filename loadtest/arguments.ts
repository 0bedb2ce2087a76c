import { parseArgs } from "node:util";

import { StackProblem } from "../dev/stack-problem.ts";
import { SCENARIOS, type ScenarioName } from "./scenarios/scenarios.ts";

/** What `npm run loadtest -- …` was told. */
export interface LoadtestArguments {
  readonly scenario: ScenarioName;
  readonly isFull: boolean;
  /** Multiplies every phase's length. */
  readonly scale: number;
  /** Begins the names of the report's files. */
  readonly name: string;
  readonly isProfiled: boolean;
  readonly generator: GeneratorKind;
  readonly shards: number;
}

/** What sends the load: the generator in this repository, or a k6 that is installed. */
export type GeneratorKind = "own" | "k6";

/**
 * SHARD_COUNT of a load test's stack. One thread runs them all here, so that more of them are more and smaller commits and flushes
 * for the same thread; where each has a thread of its own, 8 are shipped.
 */
const SHARDS = "1";

const USAGE = `npm run loadtest -- <scenario> [--full] [--scale 0.1] [--name <name>] [--profile] [--generator k6] [--shards 1]
Scenarios: ${Object.keys(SCENARIOS).join(", ")}`;

/** Reads the options. Throws StackProblem that says what is wrong and what there is. */
export function parseLoadtestArguments(options: readonly string[]): LoadtestArguments {
  try {
    const { values, positionals } = parseArgs({
      args: [...options],
      allowPositionals: true,
      options: {
        full: { type: "boolean" },
        scale: { type: "string" },
        name: { type: "string" },
        profile: { type: "boolean" },
        generator: { type: "string" },
        shards: { type: "string" },
      },
    });
    const [scenario, ...more] = positionals;
    if (scenario === undefined || more.length > 0) throw new Error("Name one scenario.");
    if (!isScenario(scenario)) throw new Error(`There is no scenario "${scenario}".`);
    const isFull = values.full ?? false;
    if (isFull && scenario !== "combined") throw new Error("--full goes with combined.");
    return {
      scenario,
      isFull,
      scale: readScale(values.scale ?? "1"),
      name: readName(values.name ?? (isFull ? `${scenario}-full` : scenario)),
      isProfiled: values.profile ?? false,
      generator: readGenerator(values.generator ?? "own", scenario),
      shards: readShards(values.shards ?? SHARDS),
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StackProblem(`${reason}\nUsage: ${USAGE}`, { cause: error });
  }
}

function isScenario(name: string): name is ScenarioName {
  return Object.hasOwn(SCENARIOS, name);
}

function readGenerator(name: string, scenario: ScenarioName): GeneratorKind {
  if (name !== "own" && name !== "k6") {
    throw new Error(`--generator is "${name}"; it is "own" or "k6".`);
  }
  if (name === "own" || scenario !== "ingest") return name;
  throw new Error("ingest has no k6 script: k6 itself would be what limits it.");
}

function readShards(text: string): number {
  const shards = Number(text);
  if (Number.isInteger(shards) && shards >= 1 && shards <= 64) return shards;
  throw new Error(`--shards is "${text}"; it is a whole number from 1 to 64.`);
}

function readScale(text: string): number {
  const scale = Number(text);
  if (scale > 0 && scale <= 10) return scale;
  throw new Error(`--scale is "${text}"; it is a number above 0 and up to 10.`);
}

/** It becomes the name of files. */
function readName(name: string): string {
  if (/^[A-Za-z0-9._-]{1,80}$/.test(name)) return name;
  throw new Error(`--name is "${name}"; it is of letters, digits, dots, dashes and underscores.`);
}
