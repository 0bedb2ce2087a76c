/**
 * Epoch milliseconds of an RFC 3339 date-time, or null when the text is none.
 *
 * Stricter than Date.parse, which takes a 30 February for 2 March and text without a zone for local time. Digits after the
 * millisecond are cut off; a leap second counts as the second before it.
 */
export function parseInstant(text: string): number | null {
  const parts = RFC_3339.exec(text);
  if (parts === null) return null;
  const [, year, month, day, hour, minute, second, fraction, zone] = parts;
  const isLeap = second === "60";
  const time = `${hour}:${minute}:${isLeap ? "59" : second}`;
  const milliseconds = isLeap ? "999" : (fraction ?? "").slice(0, 3).padEnd(3, "0");
  const utc = Date.parse(`${year}-${month}-${day}T${time}.${milliseconds}Z`);
  if (Number.isNaN(utc) || new Date(utc).getUTCDate() !== Number(day)) return null;
  const offset = zone === undefined ? null : offsetMs(zone);
  return offset === null ? null : utc - offset;
}

/** RFC 3339 UTC with milliseconds, or null for null. */
export function formatInstant(epochMs: number): string;
export function formatInstant(epochMs: number | null): string | null;
export function formatInstant(epochMs: number | null): string | null {
  return epochMs === null ? null : new Date(epochMs).toISOString();
}

const RFC_3339 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?([Zz]|[+-]\d{2}:\d{2})$/;
const MINUTE_MS = 60_000;

/** The shape of what `parseInstant` takes, as a regular expression's source; whether such a day exists is not in it. */
export const INSTANT_PATTERN = RFC_3339.source;

function offsetMs(zone: string): number | null {
  if (zone === "Z" || zone === "z") return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 23 || minutes > 59) return null;
  const size = (hours * 60 + minutes) * MINUTE_MS;
  return zone.startsWith("-") ? -size : size;
}
