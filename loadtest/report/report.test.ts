import { expect, test } from "vitest";

import { againstClean } from "./against-clean.ts";
import { workerCpuPerRequest } from "./figures.ts";
import { htmlOf } from "./html.ts";
import { markdownOf } from "./markdown.ts";
import { reportOf } from "./report.ts";
import { aRun, anEndpoint } from "./run-builder.ts";
import { passes, verdictsOf } from "./verdicts.ts";

function verdict(run: ReturnType<typeof aRun>, name: string) {
  return verdictsOf(run).find((each) => each.name === name);
}

test("a p95 is held against the published target and against ours, each by itself", () => {
  const run = aRun({ endpoints: [anEndpoint("set active", [20, 30, 40])] });
  expect(verdict(run, "set active, p95")).toMatchObject({
    published: "≤ 100 ms",
    go: "526 ms",
    measured: "40.0 ms",
    meetsPublished: true,
    target: "≤ 15.0 ms",
    meetsTarget: false,
  });
  expect(verdict(run, "claim, p95")).toBeUndefined();
  expect(passes(verdictsOf(run))).toBe(true);
});

test("one missed published target, one lost event or one doubled claim fails the run", () => {
  const slow = aRun({ endpoints: [anEndpoint("set active", [150])] });
  expect(passes(verdictsOf(slow))).toBe(false);
  for (const count of ["lost", "doubled", "lostClaims", "doubledClaims", "wrongActivations"]) {
    expect(passes(verdictsOf(aRun({}, { [count]: 1 })))).toBe(false);
  }
});

test("requests of the phase that prepares players do not count, new players excepted", () => {
  const prepared = { ...anEndpoint("initialise, returning", [9_000]), phase: "initialise" };
  const created = { ...anEndpoint("initialise, new player", [40]), phase: "initialise" };
  const run = aRun({ endpoints: [prepared, created, anEndpoint("initialise, returning", [5])] });
  expect(verdict(run, "initialise, returning, p95")?.measured).toBe("5.00 ms");
  expect(verdict(run, "initialise, new player, p95")?.measured).toBe("40.0 ms");
});

test("the success rate is never rounded up", () => {
  const endpoint = { ...anEndpoint("event", Array(100_000).fill(1)), failures: 1 };
  const found = verdict(aRun({ endpoints: [endpoint] }), "success rate");
  expect(found).toMatchObject({ measured: "99.999 %", meetsPublished: true, meetsTarget: false });
});

test("the knee is the last good step of each ladder", () => {
  const step = (name: string, ladder: string, isGood: boolean) => ({
    name,
    ladder,
    isGood,
    p95Ms: 10,
    failures: 0,
    requestsPerSecond: 300,
    eventsPerSecond: 500,
  });
  const steps = [
    step("single events ×4", "single events", true),
    step("single events ×5", "single events", true),
    step("single events ×6", "single events", false),
    step("batches of 20 ×1", "batches of 20", false),
  ];
  const run = aRun({ steps });
  expect(verdict(run, "last good step, single events")).toMatchObject({
    measured: "×5",
    meetsPublished: true,
    meetsTarget: true,
  });
  expect(verdict(run, "last good step, batches of 20")).toMatchObject({
    meetsPublished: false,
    meetsTarget: false,
  });
});

test("a full database beside a clean one: p95 by p95, and what costs more than a fifth is marked", () => {
  const of = (set: number, claim: number) =>
    aRun({ endpoints: [anEndpoint("set active", [set]), anEndpoint("claim", [claim])] }).generator;
  const table = againstClean(of(11, 30), of(10, 20))[1];
  expect(table?.kind === "table" && table.rows).toEqual([
    ["set active", "10.0 ms", "11.0 ms", "1.10", "yes"],
    ["claim", "20.0 ms", "30.0 ms", "1.50", "no"],
  ]);
});

test("CPU per request counts the samples and the answers of the phase alone", () => {
  const second = { requests: 100, events: 0 };
  const run = aRun({
    phases: [{ name: "mix", startsAtMs: 0, endsAtMs: 2_000 }],
    perSecond: [second, second, second],
  });
  // One sample of half a core for a second, over 200 answers.
  const [phase] = run.generator.phases;
  expect(phase && workerCpuPerRequest(run, phase)).toEqual({ requests: 200, milliseconds: 2.5 });
});

test("both forms of the report hold the verdicts, the failures and the machine; the HTML loads nothing", () => {
  const problems = [{ endpoint: "claim", problem: "503 <SHARD_OVERLOADED>", count: 7 }];
  const windows = [{ endpoint: "claim", atSeconds: 0, count: 1, p50Ms: 3, p95Ms: 4 }];
  const run = aRun({ endpoints: [anEndpoint("claim", [20])], problems, windows });
  const report = reportOf(run, "npm run loadtest -- combined");
  const [markdown, html] = [markdownOf(report), htmlOf(report)];
  for (const text of ["claim, p95", "a test's processor", "npm run loadtest -- combined"]) {
    expect(markdown).toContain(text);
    expect(html).toContain(text);
  }
  expect(markdown).toContain("503 <SHARD_OVERLOADED>");
  expect(html).toContain("503 &lt;SHARD_OVERLOADED&gt;");
  expect(html).toMatch(/<polyline/);
  expect(html).not.toMatch(/<script|https?:|@import|url\(/);
  expect(`${markdown}${html}`).not.toMatch(/NaN|undefined|Infinity/);
});
