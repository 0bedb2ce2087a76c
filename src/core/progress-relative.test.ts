import { describe, expect, it } from "vitest";

import { anEvent, inMode, noon, playEvents } from "../../test/support/player-builders.ts";
import type { EventFacts } from "./operation.ts";
import type { GoalRow } from "./player.ts";

describe("mode relative", () => {
  const examples: Example[] = [
    {
      title: "the first event counts in full: the baseline is the value before it",
      events: [{ latestValue: 153, inc: 3 }],
      expected: { raw: 153, baseline: 150, progress: 3, status: "in_progress" },
    },
    {
      title: "a first event without inc is where the counting starts",
      events: [{ latestValue: 153 }],
      expected: { baseline: 153, progress: 0, status: "in_progress" },
    },
    {
      title: "later events count from the baseline, whatever their inc",
      events: [
        { latestValue: 100, inc: 1 },
        { latestValue: 110, inc: 2 },
      ],
      expected: { baseline: 99, progress: 11, status: "completed", completedAt: noon + 1_000 },
    },
    {
      title: "inc alone adds to raw and starts from what raw was",
      row: { raw: 40 },
      events: [{ inc: 4 }],
      expected: { raw: 44, baseline: 40, progress: 4 },
    },
    {
      title: "a value below the baseline shows no negative progress",
      row: { raw: 105, baseline: 100, progress: 5 },
      events: [{ latestValue: 90 }],
      expected: { raw: 90, baseline: 100, progress: 0 },
    },
    {
      title: "a completed goal stays completed when the value falls below the baseline",
      row: { raw: 110, baseline: 100, progress: 10, status: "completed", completedAt: 5 },
      events: [{ latestValue: 50 }],
      expected: { progress: 0, status: "completed", completedAt: 5 },
    },
    {
      title: "an outdated latestValue does not move raw",
      row: { raw: 105, baseline: 100, progress: 5, lastEventAt: noon },
      events: [{ latestValue: 130, timestamp: noon - 1 }],
      expected: { raw: 105, progress: 5, eventCount: 1, lastEventAt: noon },
    },
    {
      title: "an outdated latestValue that opens the counting counts its inc back from raw",
      row: { raw: 105, baseline: null, lastEventAt: noon },
      events: [{ latestValue: 103, inc: 3, timestamp: noon - 1 }],
      expected: { raw: 105, baseline: 102, progress: 3 },
    },
    {
      title: "the distance between the extremes stays a number that JSON can carry",
      events: [{ latestValue: 0, inc: Number.MAX_VALUE }, { latestValue: Number.MAX_VALUE }],
      expected: { progress: Number.MAX_VALUE, status: "completed" },
    },
  ];
  it.each(examples)("$title", ({ row = {}, events, expected }) => {
    expect(playEvents(inMode("relative"), row, events.map(anEvent))).toMatchObject(expected);
  });
});

interface Example {
  readonly title: string;
  readonly row?: Partial<GoalRow>;
  readonly events: readonly Partial<EventFacts>[];
  readonly expected: Partial<GoalRow>;
}
