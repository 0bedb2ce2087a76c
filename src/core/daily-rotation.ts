import type { Rotation } from "./catalog.ts";

/** A daily rotation with every default of a rotation; also what the legacy type `daily` means. */
export const DAILY_ROTATION: Rotation = {
  enabled: true,
  type: "global",
  schedule: "daily",
  timeZone: "UTC",
  resetTime: "00:00",
  weekday: 1,
  dayOfMonth: 1,
  onExpiry: { resetProgress: true, allowReselection: true },
  claimGraceSeconds: 86_400,
};
