import { expect, test } from "vitest";

import { concerns, decide, FAULT_KINDS, parseFaultPlan } from "./fault-plan.ts";

const CALLS = 20_000;
const calls = Array.from({ length: CALLS }, (_, index) => index + 1);

test("the same plan decides alike about the same call, and another seed does not", () => {
  const chances = { reset: 0.3, late: 0.3 };
  const decisions = (seed: number) => {
    const plan = parseFaultPlan({ seed, chances, jitterMs: 100 });
    return calls.slice(0, 100).map((call) => decide(plan, call));
  };
  expect(decisions(7)).toEqual(decisions(7));
  expect(decisions(7)).not.toEqual(decisions(8));
});

test("every fault comes about as often as its chance says", () => {
  const chances = Object.fromEntries(FAULT_KINDS.map((kind, index) => [kind, 0.02 + 0.02 * index]));
  const plan = parseFaultPlan({ chances });
  const faults = calls.map((call) => decide(plan, call).fault);
  for (const [kind, chance] of Object.entries(chances)) {
    const share = faults.filter((fault) => fault === kind).length / CALLS;
    expect([kind, Math.abs(share - chance) < 0.01]).toEqual([kind, true]);
  }
  expect(faults.filter((fault) => fault === null).length / CALLS).toBeCloseTo(0.28, 1);
});

test("a delay is the latency and up to the jitter on top", () => {
  const plan = parseFaultPlan({ latencyMs: 100, jitterMs: 50 });
  const delays = calls.map((call) => decide(plan, call).delayMs);
  expect([Math.min(...delays), Math.max(...delays)]).toEqual([100, 150]);
});

test("one call can be chosen, and the others go through", () => {
  const plan = parseFaultPlan({ exactly: { call: 3, fault: "hang" } });
  const faults = [1, 2, 3, 4].map((call) => decide(plan, call).fault);
  expect(faults).toEqual([null, null, "hang", null]);
});

test("a plan may leave statements alone", () => {
  expect(concerns(parseFaultPlan({}), "other")).toBe(true);
  expect(concerns(parseFaultPlan({ only: ["flush"] }), "flush")).toBe(true);
  expect(concerns(parseFaultPlan({ only: ["flush"] }), "load")).toBe(false);
});

test("a plan that cannot be meant is refused with the place", () => {
  const problem = (plan: object) => () => parseFaultPlan(plan);
  expect(problem({ chances: { reset: 0.6, late: 0.6 } })).toThrow("more than 1");
  expect(problem({ chances: { flood: 1 } })).toThrow("flood");
  expect(problem({ chance: {} })).toThrow("chance");
  expect(problem({ exactly: { call: 0, fault: "hang" } })).toThrow("call");
});
