import { existingState } from "./existing-state.ts";
import { runCommand } from "./run-command.ts";
import { StackProblem } from "./stack-problem.ts";

// Prints the URL of the database that the local stack serves, or served last: psql "$(npm run -s db:url)"
await runCommand(() => {
  const { databaseUrl } = existingState(process.env);
  if (databaseUrl !== null) return [databaseUrl];
  throw new StackProblem("The local stack has never come up so far. Start it: npm run dev");
});
