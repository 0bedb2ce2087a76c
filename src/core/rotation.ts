import type { Rotation } from "./catalog.ts";
import { formatInstant } from "./instant.ts";
import { firstInstantAt, wallClockMs } from "./rotation-zone.ts";

/** One turn of a rotation: `startsAt` ≤ t < `endsAt`, both epoch milliseconds. */
export interface Period {
  /** `startsAt` in RFC 3339 UTC, written as every time in an answer is: `2026-03-29T01:00:00.000Z`. */
  readonly id: string;
  readonly startsAt: number;
  readonly endsAt: number;
}

/**
 * The period of a rotation that contains an instant (epoch milliseconds).
 *
 * Periods follow each other without gap or overlap, whatever the zone's clocks do. A period starts at the first
 * instant at which the local clock shows the reset time or later: in a night that skips the reset time that is the
 * end of the gap, in a night that has it twice the first of the two. Looks neither at `enabled` nor at a clock.
 * Throws a RangeError for a zone that this runtime does not know, which parse-catalog never lets through.
 */
export function periodOf(rotation: Rotation, instantMs: number): Period {
  const recent = recentPeriods(rotation);
  for (const period of recent) {
    if (instantMs >= period.startsAt && instantMs < period.endsAt) return period;
  }
  const period = computePeriod(rotation, instantMs);
  recent.unshift(period);
  if (recent.length > RECENT_PERIODS_MAX) recent.pop();
  return period;
}

/** The calendar day, `YYYY-MM-DD`, that an instant (epoch milliseconds) has in an IANA time zone. */
export function localDay(timeZone: string, instantMs: number): string {
  return new Date(wallClockMs(timeZone, instantMs)).toISOString().slice(0, 10);
}

/** The current and the next one: what a rotation's view asks for, over and over. */
const RECENT_PERIODS_MAX = 2;
/** Different rules in memory at once; a catalog has a handful. A wrong guess costs 100 µs, not correctness. */
const RULES_MAX = 1_024;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/**
 * Every event and read asks for the period of every rotating goal, and Intl takes microseconds. So goals with the same
 * rule share their recent periods, and a goal's rule is found by identity: a hit is one WeakMap lookup.
 */
const recentByRotation = new WeakMap<Rotation, Period[]>();
const recentByRule = new Map<string, Period[]>();

function recentPeriods(rotation: Rotation): Period[] {
  const known = recentByRotation.get(rotation);
  if (known !== undefined) return known;
  const { schedule, timeZone, resetTime, weekday, dayOfMonth } = rotation;
  const rule = JSON.stringify([schedule, timeZone, resetTime, weekday, dayOfMonth]);
  const recent = recentByRule.get(rule) ?? [];
  if (recentByRule.size >= RULES_MAX) recentByRule.clear();
  recentByRule.set(rule, recent);
  recentByRotation.set(rotation, recent);
  return recent;
}

function computePeriod(rotation: Rotation, instantMs: number): Period {
  // One turn ahead at first: where clocks go back over midnight, the local date can lag behind its own reset.
  let turn = turnOf(rotation, wallClockMs(rotation.timeZone, instantMs)) + 1;
  while (turnStartsAt(rotation, turn) > instantMs) turn -= 1;
  const startsAt = turnStartsAt(rotation, turn);
  // A day that the zone skipped starts together with the next one: a period of no length, which is none.
  do turn += 1;
  while (turnStartsAt(rotation, turn) <= startsAt);
  const endsAt = turnStartsAt(rotation, turn);
  return { id: formatInstant(startsAt), startsAt, endsAt };
}

/** Turns are numbered: days, Monday weeks or months since 1970. */
function turnOf(rotation: Rotation, wallMs: number): number {
  const day = Math.floor(wallMs / DAY_MS);
  if (rotation.schedule === "daily") return day;
  if (rotation.schedule === "weekly") return Math.floor((day - FIRST_MONDAY) / 7);
  const date = new Date(wallMs);
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
}

/** 1970-01-05, in days since 1970-01-01. */
const FIRST_MONDAY = 4;

function turnStartsAt(rotation: Rotation, turn: number): number {
  const day = resetDay(rotation, turn);
  const [hours, minutes] = rotation.resetTime.split(":").map(Number);
  const resetMs = ((hours ?? 0) * 60 + (minutes ?? 0)) * MINUTE_MS;
  const startsAt = firstInstantAt(rotation.timeZone, day * DAY_MS + resetMs);
  if (!isSkipped(rotation.timeZone, day, startsAt)) return startsAt;
  return firstInstantAt(rotation.timeZone, (day + 1) * DAY_MS + resetMs);
}

function resetDay(rotation: Rotation, turn: number): number {
  if (rotation.schedule === "daily") return turn;
  if (rotation.schedule === "weekly") return FIRST_MONDAY + turn * 7 + (rotation.weekday - 1);
  const lastOfMonth = new Date(Date.UTC(1970, turn + 1, 0)).getUTCDate();
  return Date.UTC(1970, turn, Math.min(rotation.dayOfMonth, lastOfMonth)) / DAY_MS;
}

/** True for a calendar day that a zone leapt over, as Samoa did with 2011-12-30 to change sides of the date line. */
function isSkipped(timeZone: string, day: number, startsAt: number): boolean {
  const endOfDay = (day + 1) * DAY_MS;
  if (wallClockMs(timeZone, startsAt) < endOfDay) return false;
  return wallClockMs(timeZone, firstInstantAt(timeZone, day * DAY_MS)) >= endOfDay;
}
