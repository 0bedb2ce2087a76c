/** Ten years either way: further off, calendars and tokens stop making sense. */
const OFFSET_MS_MAX = 10 * 366 * 86_400_000;
const UNIT_MS: Readonly<Record<string, number>> = {
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
};

/** Milliseconds of `1d6h`, `-90m` or `2d`: whole days, hours, minutes and seconds. Null when the text is no such thing. */
export function parseClockOffset(text: string): number | null {
  const match = /^([+-]?)((?:\d{1,6}[dhms])+)$/.exec(text.trim());
  if (match === null) return null;
  let milliseconds = 0;
  for (const [, count, unit] of (match[2] ?? "").matchAll(/(\d+)([dhms])/g)) {
    milliseconds += Number(count) * (UNIT_MS[unit ?? ""] ?? 0);
  }
  if (milliseconds > OFFSET_MS_MAX) return null;
  return match[1] === "-" ? -milliseconds : milliseconds;
}
