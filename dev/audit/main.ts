import { existingState } from "../existing-state.ts";
import { StackProblem } from "../stack-problem.ts";
import { parseAuditArguments } from "./arguments.ts";
import { audit, INVARIANTS } from "./audit.ts";
import { reportLines } from "./report.ts";

// Looks for rows in Postgres that break an invariant. Ends with 0 when there are none, 1 when there are, 2 when it cannot read.
try {
  const scope = parseAuditArguments(process.argv.slice(2));
  const report = await audit(databaseUrl(), scope);
  for (const line of reportLines(report, INVARIANTS.length)) console.log(line);
  process.exitCode = report.broken.length === 0 ? 0 : 1;
} catch (error) {
  console.error(error instanceof StackProblem ? error.message : unreadable(error));
  process.exitCode = 2;
}

/** That of DATABASE_URL, else that of the local stack. */
function databaseUrl(): string {
  const named = process.env["DATABASE_URL"];
  if (named !== undefined && named !== "") return named;
  const served = existingState(process.env).databaseUrl;
  if (served !== null) return served;
  throw new StackProblem(
    "The local stack has never come up so far. Start it (npm run dev), or name a database: DATABASE_URL=postgres://…",
  );
}

function unreadable(error: unknown): string {
  const reason = error instanceof AggregateError ? error.errors.join("; ") : String(error);
  return (
    `The database could not be read: ${reason}\n` +
    "Is the local stack running (npm run dev), is DATABASE_URL right, and is the schema there (npm run db:migrate)?"
  );
}
