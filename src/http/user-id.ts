import { FailureError } from "../core/errors.ts";
import { identifierRule, isIdentifier } from "../core/identifier.ts";
import { ID_LENGTH_MAX } from "../core/limits.ts";

/** The user id of an operator's path. Throws FailureError INVALID_REQUEST when it can be nobody's. */
export function userIdOf(param: (name: string) => string): string {
  const userId = param("userId");
  if (isIdentifier(userId, ID_LENGTH_MAX)) return userId;
  const message = identifierRule(ID_LENGTH_MAX);
  throw new FailureError({
    code: "INVALID_REQUEST",
    detail: `The user id ${message}.`,
    errors: [{ path: "path.userId", message }],
  });
}
