import { expect, test } from "vitest";

import { parseChaosOptions } from "./options.ts";

const drawSeed = () => 42;

test("a run lasts a minute under a seed of its own, unless told otherwise", () => {
  expect(parseChaosOptions([], drawSeed)).toEqual({ seconds: 60, seed: 42, control: null });
  const told = ["--seconds", "10", "--seed", "7", "--control", "no-fence"];
  expect(parseChaosOptions(told, drawSeed)).toEqual({ seconds: 10, seed: 7, control: "no-fence" });
});

test.each([
  [["--seconds", "1"], "from 5 to 3600"],
  [["--seed", "-1"], "--seed"],
  [["--seed", "x"], '--seed is "x"'],
  [["--control", "no-brakes"], 'no control "no-brakes"'],
  [["--gentle"], "--gentle"],
])("%j is refused with the usage", (options, reason) => {
  expect(() => parseChaosOptions(options, drawSeed)).toThrow(reason);
  expect(() => parseChaosOptions(options, drawSeed)).toThrow("Usage: npm run chaos");
});
