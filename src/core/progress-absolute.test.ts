import { describe, expect, it } from "vitest";

import { anEvent, DAY_MS, inMode, noon, playEvents } from "../../test/support/player-builders.ts";
import type { EventFacts } from "./operation.ts";
import type { GoalRow } from "./player.ts";

describe("mode absolute", () => {
  const examples: Example[] = [
    {
      title: "a first latestValue is the progress",
      events: [{ latestValue: 4 }],
      expected: {
        raw: 4,
        progress: 4,
        status: "in_progress",
        completedAt: null,
        lastEventAt: noon,
      },
    },
    {
      title: "the value that reaches the target completes the goal at its arrival",
      events: [{ latestValue: 10, timestamp: noon - 5_000 }],
      expected: { progress: 10, status: "completed", completedAt: noon, lastEventAt: noon - 5_000 },
    },
    {
      title: "a value beyond the target is not capped",
      events: [{ latestValue: 1_000_000.5 }],
      expected: { progress: 1_000_000.5, status: "completed" },
    },
    {
      title: "a value just short of the target leaves the goal in progress",
      events: [{ latestValue: 9.999 }],
      expected: { progress: 9.999, status: "in_progress" },
    },
    {
      title: "a completed goal goes on counting",
      events: [{ latestValue: 12 }, { latestValue: 15 }],
      expected: { progress: 15, status: "completed", completedAt: noon, eventCount: 2 },
    },
    {
      title: "a completed goal stays completed when the value falls later",
      events: [{ latestValue: 12 }, { latestValue: 3 }],
      expected: { raw: 3, progress: 3, status: "completed", completedAt: noon },
    },
    {
      title: "a latestValue older than the newest applied one is counted and changes nothing else",
      events: [
        { latestValue: 7, timestamp: noon - 1_000 },
        { latestValue: 9, timestamp: noon - 2_000 },
      ],
      expected: { raw: 7, progress: 7, eventCount: 2, lastEventAt: noon - 1_000 },
    },
    {
      title: "of two latestValues with the same time the later arrival wins",
      events: [
        { latestValue: 7, timestamp: noon - 1_000 },
        { latestValue: 6, timestamp: noon - 1_000 },
      ],
      expected: { raw: 6, progress: 6 },
    },
    {
      title: "inc alone adds to what was known",
      events: [{ latestValue: 4 }, { inc: 3 }],
      expected: { raw: 7, progress: 7, lastEventAt: noon },
    },
    {
      title: "inc alone on an untouched row starts from zero",
      events: [{ inc: 2.5 }],
      expected: { raw: 2.5, progress: 2.5, lastEventAt: null },
    },
    {
      title: "inc alone counts whatever its time, for a difference is never outdated",
      events: [
        { latestValue: 4, timestamp: noon },
        { inc: 3, timestamp: noon - DAY_MS },
      ],
      expected: { raw: 7, progress: 7, lastEventAt: noon },
    },
    {
      title: "inc beside a latestValue adds nothing",
      events: [{ latestValue: 4, inc: 3 }],
      expected: { raw: 4, progress: 4 },
    },
    {
      title: "an event that says zero still starts the goal",
      events: [{ latestValue: 0 }],
      expected: { raw: 0, progress: 0, status: "in_progress" },
    },
    {
      title: "two huge differences stay a number that JSON can carry",
      events: [{ inc: Number.MAX_VALUE }, { inc: Number.MAX_VALUE }],
      expected: { progress: Number.MAX_VALUE, status: "completed" },
    },
  ];
  it.each(examples)("$title", ({ row = {}, events, expected }) => {
    expect(playEvents(inMode("absolute"), row, events.map(anEvent))).toMatchObject(expected);
  });
});

interface Example {
  readonly title: string;
  readonly row?: Partial<GoalRow>;
  readonly events: readonly Partial<EventFacts>[];
  readonly expected: Partial<GoalRow>;
}
