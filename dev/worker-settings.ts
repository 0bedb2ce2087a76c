import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of wrangler.toml. */
export const PROJECT_FOLDER = fileURLToPath(new URL("..", import.meta.url));

/** The Worker's vars that the stack has to know about itself. */
export interface WorkerSettings {
  readonly defaultNamespace: string;
  /** Empty, or such as `/challenge`. */
  readonly basePath: string;
}

/** Reads them as wrangler does: the environment goes before wrangler.toml. */
export function readWorkerSettings(
  environment: NodeJS.ProcessEnv,
  projectFolder: string = PROJECT_FOLDER,
): WorkerSettings {
  const configuration = readFileSync(join(projectFolder, "wrangler.toml"), "utf8");
  const valueOf = (name: string) =>
    environment[name] ??
    new RegExp(String.raw`^\s*${name}\s*=\s*"([^"]*)"`, "m").exec(configuration)?.[1] ??
    "";
  return {
    defaultNamespace: valueOf("DEFAULT_NAMESPACE") || "default",
    basePath: valueOf("BASE_PATH").replace(/\/$/, ""),
  };
}
