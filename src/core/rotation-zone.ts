/**
 * What an IANA zone's wall clock shows at an instant (epoch milliseconds): the reading, taken as if it were UTC.
 *
 * Uses Intl alone: workerd has no Temporal. Throws a RangeError for an unknown zone.
 */
export function wallClockMs(timeZone: string, instantMs: number): number {
  const clock = zoneClock(timeZone);
  const second = Math.floor(instantMs / 1000);
  if (clock.second !== second) {
    clock.wallMs = readWallClock(clock.format, second * 1000);
    clock.second = second;
  }
  return clock.wallMs + (instantMs - second * 1000);
}

/**
 * The first instant at which the zone's wall clock shows `wallMs` or later.
 *
 * Where clocks go forward over the reading that is the end of the gap; where they go back over it, the earlier of the
 * two. Assumes at most one change of offset within the day before and the day after, which holds for every zone of the
 * tz database since 1970.
 */
export function firstInstantAt(timeZone: string, wallMs: number): number {
  // No zone is a whole day from UTC, so these two instants lie on either side of the one looked for.
  const offsetBefore = offsetMs(timeZone, wallMs - DAY_MS);
  const offsetAfter = offsetMs(timeZone, wallMs + DAY_MS);
  const byBefore = wallMs - offsetBefore;
  const byAfter = wallMs - offsetAfter;
  if (offsetMs(timeZone, byBefore) === offsetBefore) return byBefore;
  if (offsetMs(timeZone, byAfter) === offsetAfter) return byAfter;
  return endOfGap(timeZone, wallMs, byAfter, byBefore);
}

/** Whether this runtime knows a text as an IANA zone. A bare offset such as `+02:00` is none: it has no summer time. */
export function isTimeZone(text: string): boolean {
  if (/^[+-]/.test(text)) return false;
  try {
    zoneClock(text);
    return true;
  } catch {
    return false;
  }
}

const DAY_MS = 86_400_000;
/** The tz database has about 450 zones; a formatter takes some kilobytes. */
const ZONES_MAX = 512;

interface ZoneClock {
  readonly format: Intl.DateTimeFormat;
  /** The last second that was asked for, and its reading. Offsets are whole seconds, so this is exact. */
  second: number;
  wallMs: number;
}

/** Making a formatter takes some 50 µs; one per zone is kept. */
const clocks = new Map<string, ZoneClock>();

function zoneClock(timeZone: string): ZoneClock {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const clock = { format, second: Number.NaN, wallMs: 0 };
  if (clocks.size >= ZONES_MAX) clocks.clear();
  clocks.set(timeZone, clock);
  return clock;
}

function readWallClock(format: Intl.DateTimeFormat, instantMs: number): number {
  const reading = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
  for (const part of format.formatToParts(instantMs)) {
    if (isReadingPart(part.type)) reading[part.type] = Number(part.value);
  }
  const { year, month, day, hour, minute, second } = reading;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function isReadingPart(
  type: string,
): type is "year" | "month" | "day" | "hour" | "minute" | "second" {
  return ["year", "month", "day", "hour", "minute", "second"].includes(type);
}

function offsetMs(timeZone: string, instantMs: number): number {
  return wallClockMs(timeZone, instantMs) - instantMs;
}

/** Halves its way to the second at which the clock leaps over `wallMs`. Rare: two days a year, then remembered. */
function endOfGap(timeZone: string, wallMs: number, fromMs: number, toMs: number): number {
  let [before, after] = [fromMs / 1000, toMs / 1000];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (wallClockMs(timeZone, middle * 1000) < wallMs) before = middle;
    else after = middle;
  }
  return after * 1000;
}
