import { fromCaller, readPort } from "./command-line.ts";
import { existingState } from "./existing-state.ts";
import { LOOPBACK } from "./ports.ts";
import { publishCatalog, readCatalogFile } from "./publish-catalog.ts";
import { runCommand } from "./run-command.ts";
import { StackProblem } from "./stack-problem.ts";
import { readWorkerSettings } from "./worker-settings.ts";

// Publishes a catalog file to the running local Worker: npm run catalog -- <file>
await runCommand(async () => {
  const [path, ...rest] = process.argv.slice(2);
  if (path === undefined || rest.length > 0) {
    throw new StackProblem("Usage: [PORT=8787] npm run catalog -- <file>");
  }
  const file = readCatalogFile(fromCaller(path));
  const { basePath } = readWorkerSettings(process.env);
  const baseUrl = `http://${LOOPBACK}:${readPort(process.env["PORT"])}${basePath}`;
  const serverKey = existingState(process.env).serverKey.key;
  const { version, isNew } = await publishCatalog({ baseUrl, serverKey }, file);
  return [`${isNew ? "Published" : "Already active:"} version ${version}.`];
});
