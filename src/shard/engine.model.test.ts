import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { runSchedule } from "../../test/support/simulated-run.ts";
import { anySchedule } from "../../test/support/simulated-schedule.ts";
import { SimulatedStore } from "../../test/support/simulated-store.ts";
import type { Coverage } from "../../test/support/simulated-world.ts";

/** More of them find rarer interleavings: `SCHEDULES=20000 npx vitest run --project node src/shard/engine.model`. */
const SCHEDULES = Number(process.env["SCHEDULES"] ?? 600);

/** Within so many a missing guard must show; it takes a few, seldom some dozens. */
const CONTROL_SCHEDULES_MAX = 300;

/** What a run must have met to have shown anything. */
const MUST_MEET = [
  "fate lost-answer",
  "late statements",
  "restarts",
  "takeovers",
  "evictions",
  "partial flushes",
  "steps with parked operations",
  "recognised flushes",
  "erased and claimed again in one flush",
  "refused flushes",
  "instances stopped",
  "outages",
  "dead letters",
  "dead letters erased",
  "players set aside",
  "duplicate",
  "repeated",
  "views",
  "claimed",
  "pending",
  "claim-rejected",
  "claim-parked",
  "claim-retried",
  "claim-cancelled",
  "claim-granted after pending",
  "claim-granted after parked",
  "claim-granted after cancelled",
];

describe("a shard under random faults, restarts and takeovers", () => {
  test(
    "keeps every acknowledged operation exactly once, and shows it to every later read",
    { timeout: 600_000 },
    async () => {
      const total: Coverage = {};
      await fc.assert(
        fc.asyncProperty(anySchedule, async (schedule) => {
          const met = await runSchedule(schedule);
          for (const [what, times] of Object.entries(met)) total[what] = (total[what] ?? 0) + times;
        }),
        { numRuns: SCHEDULES },
      );
      console.info(`${SCHEDULES} schedules met`, total);
      expect(MUST_MEET.filter((what) => (total[what] ?? 0) === 0)).toEqual([]);
    },
  );

  /** A run that finds nothing when a guard is missing has shown nothing when it is there. */
  test.each(["no-fence", "no-applied", "cut-at-last"] as const)(
    "is caught out within some schedules when Postgres goes with %s",
    { timeout: 60_000 },
    async (breakage) => {
      const broken = fc.assert(
        fc.asyncProperty(anySchedule, async (schedule) => {
          const store = new SimulatedStore();
          store.breakage = breakage;
          await runSchedule(schedule, store);
        }),
        { numRuns: CONTROL_SCHEDULES_MAX, endOnFailure: true },
      );
      await expect(broken).rejects.toThrow("Property failed");
    },
  );
});
