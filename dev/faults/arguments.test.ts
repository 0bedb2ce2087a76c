import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { temporaryFolder } from "../testing/temporary-folder.ts";
import { parseFaultsArguments } from "./arguments.ts";
import { parseFaultPlan } from "./fault-plan.ts";
import { FAULT_PRESETS } from "./presets.ts";

test("a plan comes by name, by file or as it is", () => {
  expect(parseFaultsArguments(["--plan", "slow"])).toEqual({
    kind: "set",
    plan: FAULT_PRESETS.slow,
  });
  const file = join(temporaryFolder(), "plan.json");
  writeFileSync(file, '{"latencyMs":7}');
  const plan = parseFaultPlan({ latencyMs: 7 });
  expect(parseFaultsArguments(["--plan", file])).toEqual({ kind: "set", plan });
  expect(parseFaultsArguments(["--plan", '{"latencyMs":7}'])).toEqual({ kind: "set", plan });
  expect(parseFaultsArguments(["--plan", file, "--seed", "5"])).toEqual({
    kind: "set",
    plan: { ...plan, seed: 5 },
  });
});

test("an outage is a plan, off is none, and without a wish the state is shown", () => {
  expect(parseFaultsArguments(["--outage", "20"])).toEqual({
    kind: "set",
    plan: parseFaultPlan({ outageMs: 20_000 }),
  });
  expect(parseFaultsArguments(["--off"])).toEqual({ kind: "set", plan: null });
  expect(parseFaultsArguments([])).toEqual({ kind: "show" });
});

test.each([
  [["--plan", "nowhere"], 'no plan and no file "nowhere"'],
  [["--plan", '{"chances":{"flood":1}}'], "flood"],
  [["--plan", "storm", "--off"], "one thing"],
  [["--seed", "3"], "goes with --plan"],
  [["--plan", "storm", "--seed", "x"], "seed"],
  [["--outage", "soon"], "outageMs"],
  [["--flood"], "--flood"],
])("%j is refused with the usage", (options, reason) => {
  expect(() => parseFaultsArguments(options)).toThrow(reason);
  expect(() => parseFaultsArguments(options)).toThrow("Usage: npm run faults");
});

test("more than half of the shards' calls go wrong in a storm", () => {
  const chances = Object.values(FAULT_PRESETS.storm.chances);
  expect(chances.reduce((sum, chance) => sum + chance, 0)).toBeGreaterThan(0.5);
});
