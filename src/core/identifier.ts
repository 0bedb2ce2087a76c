/**
 * May this text be an id: a user, an event, a goal, a stat code?
 *
 * 1 to `lengthMax` UTF-16 units, well-formed Unicode (a lone surrogate cannot be stored as UTF-8 without becoming another
 * id) and no control characters (Postgres refuses U+0000, and no log line may be broken by one).
 */
export function isIdentifier(value: unknown, lengthMax: number): value is string {
  if (typeof value !== "string" || value.length === 0 || value.length > lengthMax) return false;
  return !CONTROL_CHARACTER.test(value) && value.isWellFormed();
}

/** May this text name a namespace: `[a-z0-9-]{1,64}`. */
export function isNamespace(value: unknown): value is string {
  return typeof value === "string" && NAMESPACE.test(value);
}

/** What `isIdentifier` asks, as the end of a sentence for the caller. */
export function identifierRule(lengthMax: number): string {
  return `must be text of 1 to ${lengthMax} characters without control characters`;
}

const CONTROL_CHARACTER = /\p{Cc}/u;
const NAMESPACE = /^[a-z0-9-]{1,64}$/;
