import { parseArgs } from "node:util";

import { StackProblem } from "../stack-problem.ts";
import type { AuditScope } from "./audit.ts";

const USAGE = "npm run audit [-- [--user <id>] [--namespace <ns>]]";

/** Reads the options of `npm run audit`. Throws StackProblem that says what is wrong. */
export function parseAuditArguments(options: readonly string[]): AuditScope {
  try {
    const { values } = parseArgs({
      args: [...options],
      options: { user: { type: "string" }, namespace: { type: "string" } },
    });
    // An empty name is a variable that was not set: the audit of everybody would not be what was meant.
    if (values.user === "") throw new Error("The user id is empty.");
    if (values.namespace === "") throw new Error("The namespace is empty.");
    return { namespace: values.namespace ?? null, userId: values.user ?? null };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StackProblem(`${reason}\nUsage: ${USAGE}`, { cause: error });
  }
}
