import { parseTokenArguments } from "./command-line.ts";
import { existingState } from "./existing-state.ts";
import { runCommand } from "./run-command.ts";
import { issuerName, signPlayerToken } from "./signing-key.ts";

// Prints one credential of the local stack, so that a script can take it: TOKEN=$(npm run -s token -- --user u1)
await runCommand(async () => {
  const wanted = parseTokenArguments(process.argv.slice(2));
  const state = existingState(process.env);
  if (wanted.kind !== "player") {
    return [wanted.kind === "server" ? state.serverKey.key : state.operatorKey.key];
  }
  const namespace = wanted.namespace ?? state.serverKey.entry.namespace ?? "default";
  const subject = { userId: wanted.userId, namespace };
  return [await signPlayerToken(state.signingKey, issuerName(state.id), subject, Date.now())];
});
