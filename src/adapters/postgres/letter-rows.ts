import type { LetterDraft, LetterPayload } from "../../core/dead-letter.ts";
import type { PlayerKey } from "../../core/player.ts";
import type { Column } from "./columns.ts";

/** A row of dead_letter before it is written. */
export interface LetterRow {
  readonly player: PlayerKey;
  readonly shard: string;
  readonly applied: number;
  readonly draft: LetterDraft;
}

/** dead_letter as a flush writes it. */
export const LETTER_COLUMNS: readonly Column<LetterRow>[] = [
  { name: "namespace", type: "text", value: ({ player }) => player.namespace },
  { name: "user_id", type: "text", value: ({ player }) => player.userId },
  { name: "shard", type: "text", value: ({ shard }) => shard },
  { name: "applied", type: "int8", value: ({ applied }) => applied },
  { name: "error", type: "text", value: ({ draft }) => draft.error },
  { name: "payload", type: "text", value: ({ draft }) => encodePayload(draft) },
];

/** The select list over `unnest`: the payload travels as Base64, so that nothing in it can be refused. */
export const LETTER_SELECTION = LETTER_COLUMNS.map(({ name }) =>
  name === "payload" ? "decode(r.payload, 'base64')" : `r.${name}`,
).join(", ");

/** Base64 of the payload's JSON, which is written with ASCII characters only. */
function encodePayload({ operations, rows }: LetterPayload): string {
  const json = JSON.stringify({ operations, rows });
  return btoa(json.replace(/[\u0080-\uffff]/g, escaped));
}

/** A payload from its Base64; null when it was emptied. */
export function decodePayload(base64: string): LetterPayload | null {
  if (base64 === "") return null;
  const payload: LetterPayload = JSON.parse(atob(base64));
  return payload;
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
