import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { metricFamilies } from "../../src/http/metric-families.ts";
import { openMetricsText } from "../../src/http/open-metrics.ts";
import { LOG_LEVELS } from "../../src/log-events.ts";
import { parseOpenMetrics } from "../support/open-metrics-parser.ts";
import { KILLS } from "../support/simulated-parts.ts";
import { SimulatedShard } from "../support/simulated-shard.ts";

const PAGE = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");

/** Suffixes that samples of a family have beside its name. */
const SUFFIX = /_(total|info|bucket|count|sum)$/;

function exposed(): string[] {
  const metrics = new SimulatedShard(KILLS).engine.metrics();
  const build = { shardGeneration: 1, shardCount: 1 };
  const text = openMetricsText(metricFamilies([{ shard: metrics.shard, metrics }], build));
  return parseOpenMetrics(text).map(({ name }) => name);
}

test("the page names every metric that there is, and none that there is not", () => {
  const named = PAGE.match(/gauntlet_[a-z_]+/g) ?? [];
  const families = new Set(named.map((name) => name.replace(SUFFIX, "")));
  expect([...families].toSorted()).toEqual(exposed().toSorted());
});

test("the page says of every log line, and of no other, how loud it is and what to do", () => {
  const rows = PAGE.matchAll(/^\| (`[a-z-]+`(?:, `[a-z-]+`)*) \{[^|]*\} \| ([a-z, ]+) \|/gm);
  const told = [...rows].flatMap(([, events = "", levels = ""]) => {
    const each = levels.split(", ");
    return events
      .split(", ")
      .map((event, index): [string, string] => [
        event.replaceAll("`", ""),
        each[index] ?? each[0] ?? "",
      ]);
  });
  expect(Object.fromEntries(told)).toEqual(LOG_LEVELS);
});
