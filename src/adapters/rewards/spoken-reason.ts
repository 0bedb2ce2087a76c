/** Where services put the sentence that says why, in the order in which it is looked for. */
const REASON_FIELDS = ["detail", "reason", "errorMessage", "message", "error_description", "error"];
/** Characters kept: a refusal is journaled, stored and shown to players and operators. */
const REASON_LENGTH_MAX = 200;

/**
 * The sentence in which a service says why it refused: a field of its JSON; null when there is none.
 *
 * Nothing else of the answer is kept: a page of HTML helps nobody, and may repeat what the request held.
 */
export function spokenReason(text: string): string | null {
  const answer = jsonObject(text);
  for (const field of REASON_FIELDS) {
    const said = answer?.[field];
    if (typeof said === "string" && said.trim() !== "") {
      return said.trim().slice(0, REASON_LENGTH_MAX).toWellFormed();
    }
  }
  return null;
}

/** The object that the text is in JSON; null when it is none. */
export function jsonObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return isRecord(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
