import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { GROUP_WAIT_MS, JOURNAL_OPERATIONS_MAX } from "../../src/shard/limits.ts";
import { billPerMillionEvents, historyPerMillionEvents } from "./bill.ts";
import { deploymentFor, loadsOf } from "./capacity.ts";
import { tablesIn, withTables } from "./docs-page.ts";
import { COST_TABLES } from "./tables.ts";
import { arrivalsOf, SHIPPED_SHARDS, type Traffic } from "./traffic.ts";
import { DEDUP, usageOf } from "./usage.ts";

const ROOT = join(import.meta.dirname, "../..");
const PAGE = readFileSync(join(ROOT, "docs/scaling.md"), "utf8");

function aTraffic(wish: Partial<Traffic> = {}): Traffic {
  return {
    eventsPerSecond: 1_000,
    eventsPerRequest: 1,
    playersPerRequest: 1,
    eventsPerPlayerAndSecond: 1,
    shards: 1,
    ...wish,
  };
}

describe("how traffic arrives", () => {
  test("a request becomes as many calls as it meets shards: one for one player, nearly all for a large batch", () => {
    expect(arrivalsOf(aTraffic({ shards: 128 })).callsPerRequest).toBeCloseTo(1);
    const mixed = aTraffic({ shards: 8, eventsPerRequest: 500, playersPerRequest: 500 });
    expect(arrivalsOf(mixed).callsPerRequest).toBeCloseTo(8);
    const match = { ...mixed, playersPerRequest: 10 };
    expect(arrivalsOf(match).callsPerRequest).toBeCloseTo(8 * (1 - (7 / 8) ** 10));
  });

  test("calls that come at random share groups as a simulated shard's would", () => {
    for (const perSecond of [10, 100, 1_000]) {
      const said = arrivalsOf(aTraffic({ eventsPerSecond: perSecond })).groupsPerShardAndSecond;
      expect(Math.abs(simulatedGroups(perSecond) / said - 1)).toBeLessThan(0.03);
    }
  });

  test("the events that one request has of a player change its rows once", () => {
    const match = aTraffic({ eventsPerRequest: 100, playersPerRequest: 10 });
    expect(arrivalsOf(match).playersPerSecond).toBe(100);
    expect(arrivalsOf({ ...match, playersPerRequest: 100 }).playersPerSecond).toBe(1_000);
  });
});

describe("what a million events cost", () => {
  test("is, by hand, this for single posts to one shard", () => {
    const traffic = aTraffic();
    // 1,000 calls a second are 250 groups of 4 rows; half a pass a second beside them, with its alarm and 3 statements.
    const passes = 1_000 / 1_001;
    const { rowsWritten } = usageOf(traffic);
    expect(rowsWritten).toBeCloseTo((1_000 / 4) * 4 + passes * (1 + 3 * 2), 5);
    const bill = billPerMillionEvents(traffic);
    expect(bill.rows).toBeCloseTo(rowsWritten / 1_000, 8);
    // A request at $0.30 and 0.125 ms of CPU at $0.02 for a million.
    expect(bill.worker).toBeCloseTo(0.3 + 0.125 * 0.02, 4);
    expect(bill.total).toBeCloseTo(bill.worker + bill.objects + bill.rows + bill.postgres, 10);
    // 4 rows of 200 bytes for each event: 0.8 GB, kept for a day at $0.20 a month.
    expect(historyPerMillionEvents(traffic, 1)).toBeCloseTo((0.8 * 0.2) / 30, 8);
  });

  test("falls with the size of batches and rises with the number of shards", () => {
    const sizes = [1, 20, 100, 500];
    const bySize = sizes.map((size) =>
      totalOf({ eventsPerRequest: size, playersPerRequest: size }),
    );
    expect(bySize).toEqual(bySize.toSorted((a, b) => b - a));
    const byShards = [1, 8, 32, 128].map((shards) => totalOf({ shards }));
    expect(byShards).toEqual(byShards.toSorted((a, b) => a - b));
  });
});

describe("the shards that a traffic needs", () => {
  const rate = { eventsPerSecond: 10_000, eventsPerRequest: 100, playersPerRequest: 100 };
  const traffic = { ...rate, eventsPerPlayerAndSecond: 1 };

  test("are the fewest that carry it", () => {
    const deployment = deploymentFor(traffic);
    const shards = deployment?.traffic.shards ?? 0;
    expect(
      Math.max(...loadsOf({ ...traffic, shards }).shard.map(({ share }) => share)),
    ).toBeLessThanOrEqual(1);
    expect(
      Math.max(...loadsOf({ ...traffic, shards: shards / 2 }).shard.map(({ share }) => share)),
    ).toBeGreaterThan(1);
    expect(deployment?.outageSeconds).toBe((JOURNAL_OPERATIONS_MAX * shards) / 10_000);
  });

  test("are none when requests of single events are too many for any number that makes sense", () => {
    expect(deploymentFor({ ...traffic, eventsPerSecond: 1e8 })).toBeNull();
  });
});

describe("docs/scaling.md", () => {
  test("has every table, as the model makes it; `npm run cost -- --write` brings it up to date", () => {
    expect(tablesIn(PAGE)).toEqual(Object.keys(COST_TABLES));
    expect(withTables(PAGE, COST_TABLES)).toBe(PAGE);
  });

  test("counts with the settings that are shipped", () => {
    const shipped = readFileSync(join(ROOT, "wrangler.toml"), "utf8");
    expect(shipped).toContain(`SHARD_COUNT = "${SHIPPED_SHARDS}"`);
    expect(shipped).toContain(`FLUSH_INTERVAL_MS = "1000"`);
    expect(shipped).toContain(`DEDUP_MAX_IDS = "${DEDUP.maxIds}"`);
    expect(shipped).toContain(`DEDUP_SECONDS = "${DEDUP.seconds}"`);
    expect(shipped).toContain(`JOURNAL_OPERATIONS_MAX = "${JOURNAL_OPERATIONS_MAX}"`);
  });
});

function totalOf(wish: Partial<Traffic>): number {
  return billPerMillionEvents(aTraffic(wish)).total;
}

/** Groups per second when calls come at random and a group is open for GROUP_WAIT_MS after its first; the draws are always the same. */
function simulatedGroups(callsPerSecond: number): number {
  const CALLS = 200_000;
  let state = 1;
  let now = 0;
  let openUntil = -1;
  let groups = 0;
  for (let call = 0; call < CALLS; call++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    now -= Math.log((state + 1) / 2 ** 32) / callsPerSecond;
    if (now < openUntil) continue;
    groups++;
    openUntil = now + GROUP_WAIT_MS / 1_000;
  }
  return groups / now;
}
