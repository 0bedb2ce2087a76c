import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { runGenerations } from "../../test/support/generation-run.ts";
import { anyGenerationSchedule, LAYOUTS } from "../../test/support/generation-schedule.ts";
import type { HandedOver } from "./handed-over.ts";

/** More of them find rarer interleavings: `SCHEDULES=20000 npx vitest run --project node src/shard/generations.model`. */
const SCHEDULES = Number(process.env["SCHEDULES"] ?? 300);

/** What a run must have met to have shown anything. */
const MUST_MEET = [
  "hand-overs",
  "settled?",
  "moved on",
  "answers lost between shards",
  "restarts",
  "accepted",
  "duplicate",
  "repeated",
  "views",
  "claimed",
  "pending",
  "dead letters",
];

describe("a deployment whose number of shards changes twice under load", () => {
  test(
    "with Workers of all three layouts at once, loses nothing, counts nothing twice, and shows all that was acknowledged",
    { timeout: 600_000 },
    async () => {
      const total: Record<string, number> = {};
      await fc.assert(
        fc.asyncProperty(anyGenerationSchedule, async (schedule) => {
          const met = await runGenerations(schedule);
          for (const [what, times] of Object.entries(met)) total[what] = (total[what] ?? 0) + times;
        }),
        { numRuns: SCHEDULES },
      );
      console.info(`${SCHEDULES} schedules met`, total);
      expect(MUST_MEET.filter((what) => (total[what] ?? 0) === 0)).toEqual([]);
    },
  );

  test.each([
    {
      control: "nobody asks the older shards: two Workers with different counts",
      broken: { layouts: LAYOUTS.map((layout) => ({ ...layout, older: [] })) },
    },
    {
      control: "a player is read before its older shard has written everything",
      broken: { tamper: (given: HandedOver) => ({ ...given, isSettled: true }) },
    },
    {
      control: "ids stay behind",
      broken: { tamper: (given: HandedOver) => ({ ...given, ids: new ArrayBuffer(0) }) },
    },
  ])("is caught out when $control", { timeout: 60_000 }, async ({ broken }) => {
    const run = fc.assert(
      fc.asyncProperty(anyGenerationSchedule, async (schedule) => {
        await runGenerations(schedule, broken);
      }),
      { numRuns: SCHEDULES, endOnFailure: true },
    );
    await expect(run).rejects.toThrow("Property failed");
  });
});
