import { createHash } from "node:crypto";

/** SHA-256 of a text's UTF-8 form, 64 hex digits; synchronous, so that a group can be written in one turn. */
export function sha256Hex(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
