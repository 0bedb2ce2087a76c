import { randomBytes } from "node:crypto";

import { parseKeyArguments } from "./command-line.ts";
import { runCommand } from "./run-command.ts";
import { makeServerKey, NAMESPACED_SCOPES } from "./server-key.ts";

/** 8 hex digits: enough that a deployment's few keys do not meet. */
const ID_BYTES = 4;

// Makes a key for production. Nothing is stored: who runs it puts the entry into the secret and hands the key on.
await runCommand(() => {
  const { id, ...wanted } = parseKeyArguments(process.argv.slice(2), NAMESPACED_SCOPES);
  const made = makeServerKey({ id: id ?? randomBytes(ID_BYTES).toString("hex"), ...wanted });
  return [
    "The key, for the game server; it is shown only now:",
    made.key,
    "",
    "Its entry, one element of the JSON list in the secret API_KEYS (npx wrangler secret put API_KEYS):",
    JSON.stringify(made.entry),
  ];
});
