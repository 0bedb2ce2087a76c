import { ON_EXPIRY_FIELDS, type ROTATION_FIELDS } from "./catalog-fields-rotation.ts";
import type { Rotation } from "./catalog.ts";
import type { ReaderOf } from "./parse-catalog-reader.ts";

/** Reads a rotation; an `onExpiry` that is left out is one with its defaults. */
export function readRotation(reader: ReaderOf<typeof ROTATION_FIELDS>): Rotation {
  const onExpiry = reader.object("onExpiry", ON_EXPIRY_FIELDS);
  return {
    enabled: reader.value("enabled"),
    type: reader.value("type"),
    schedule: reader.value("schedule"),
    timeZone: reader.value("timeZone"),
    resetTime: reader.value("resetTime"),
    weekday: reader.value("weekday"),
    dayOfMonth: reader.value("dayOfMonth"),
    onExpiry: {
      resetProgress: onExpiry.value("resetProgress"),
      allowReselection: onExpiry.value("allowReselection"),
    },
    claimGraceSeconds: reader.value("claimGraceSeconds"),
  };
}
