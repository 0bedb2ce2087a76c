import type { GoalEntry } from "./catalog.ts";
import type { EventFacts } from "./operation.ts";
import type { GoalRow } from "./player.ts";
import { localDay } from "./rotation.ts";

/** The instants of an event: when it happened, and when the shard applies it. Epoch milliseconds. */
export interface EventTimes {
  /** Decides which latestValue is newer. */
  readonly eventTime: number;
  /** Decides the day, and stamps a completion. */
  readonly appliedAt: number;
}

/**
 * The row after one matching event on an active goal: the four progress modes of the domain rules.
 *
 * Expects a row that is already in its current period. A claimed goal only counts the event. Progress is never capped,
 * a completed goal goes on counting and stays completed, whatever an absolute value does later.
 */
export function advance(
  entry: GoalEntry,
  row: GoalRow,
  event: EventFacts,
  times: EventTimes,
): GoalRow {
  const counted: GoalRow = { ...row, eventCount: row.eventCount + 1 };
  if (row.status === "claimed") return counted;
  return settle(entry, { ...counted, ...measure(entry, row, event, times) }, times.appliedAt);
}

type Measure = Partial<Pick<GoalRow, "raw" | "baseline" | "progress" | "lastEventAt" | "lastDay">>;

function measure(entry: GoalEntry, row: GoalRow, event: EventFacts, times: EventTimes): Measure {
  switch (entry.goal.requirement.progressMode) {
    case "absolute": {
      const value = absoluteValue(row, event, times.eventTime);
      return { ...value, progress: value.raw };
    }
    case "relative": {
      const value = absoluteValue(row, event, times.eventTime);
      // The first event of a period counts in full: the period starts from the value before it.
      const baseline = row.baseline ?? value.raw - (event.inc ?? 0);
      return { ...value, baseline, progress: finite(Math.max(0, value.raw - baseline)) };
    }
    case "count":
      return { progress: row.progress + 1 };
    case "days": {
      const day = localDay(entry.rotation?.timeZone ?? "UTC", times.appliedAt);
      // Days are compared as text: YYYY-MM-DD sorts by time. A clock set back must not count a day twice.
      if (row.lastDay !== null && day <= row.lastDay) return {};
      return { progress: row.progress + 1, lastDay: day };
    }
  }
}

/** The statistic's value after the event; a latestValue older than one already applied changes nothing. */
function absoluteValue(
  row: GoalRow,
  event: EventFacts,
  eventTime: number,
): { raw: number; lastEventAt: number | null } {
  const before = row.raw ?? 0;
  if (event.latestValue === null) {
    return { raw: finite(before + (event.inc ?? 0)), lastEventAt: row.lastEventAt };
  }
  const isOutdated = row.lastEventAt !== null && eventTime < row.lastEventAt;
  if (isOutdated) return { raw: before, lastEventAt: row.lastEventAt };
  return { raw: event.latestValue, lastEventAt: eventTime };
}

/** Two huge finite values must not make Infinity, which no JSON can carry. */
function finite(value: number): number {
  return Math.min(value, Number.MAX_VALUE);
}

function settle(entry: GoalEntry, row: GoalRow, appliedAt: number): GoalRow {
  if (row.status === "completed") return row;
  if (row.progress >= entry.goal.requirement.targetValue) {
    return { ...row, status: "completed", completedAt: appliedAt };
  }
  return { ...row, status: "in_progress" };
}
