import { readFileSync } from "node:fs";

import * as z from "zod";

import { callApi, type ApiAnswer } from "./local-api.ts";
import { StackProblem } from "./stack-problem.ts";

const VERSION = z.object({ version: z.string() });

/** A catalog as it lies in a file: JSON, not yet validated. */
export interface CatalogFile {
  readonly path: string;
  readonly document: unknown;
}

/** Reads a catalog file. Throws StackProblem when there is none or it is not JSON. */
export function readCatalogFile(path: string): CatalogFile {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new StackProblem(
      `The catalog file ${path} cannot be read (${error instanceof Error ? error.message : String(error)}). ` +
        "Name one that exists: CATALOG=<file> npm run dev",
      { cause: error },
    );
  }
  try {
    return { path, document: JSON.parse(text) };
  } catch (error) {
    throw new StackProblem(
      `The catalog file ${path} is not JSON: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}

/** Where and as whom to publish; `baseUrl` includes a BASE_PATH. */
export interface PublishTarget {
  readonly baseUrl: string;
  readonly serverKey: string;
}

/** What publishing came to. */
export interface Published {
  readonly version: string;
  /** False when exactly this version was active already. */
  readonly isNew: boolean;
}

/**
 * Makes the file's catalog the active one, a breaking change included; nothing happens when it is active already.
 *
 * Throws StackProblem that lists every problem with its path when the catalog is invalid.
 */
export async function publishCatalog(target: PublishTarget, file: CatalogFile): Promise<Published> {
  const version = await put(target, file, "?dryRun=true&force=true");
  if ((await activeVersion(target)) === version) return { version, isNew: false };
  return { version: await put(target, file, "?force=true"), isNew: true };
}

/** The version that is active in the key's namespace, or null when there is none yet. */
export async function activeVersion(target: PublishTarget): Promise<string | null> {
  const answer = await callApi(`${target.baseUrl}/v1/admin/catalog`, {
    credential: target.serverKey,
  });
  if (answer.ok) return VERSION.parse(answer.document).version;
  if (answer.problem.code === "NO_CATALOG" || answer.status === 404) return null;
  throw refused("GET /v1/admin/catalog", answer);
}

async function put(target: PublishTarget, file: CatalogFile, query: string): Promise<string> {
  const answer = await callApi(`${target.baseUrl}/v1/admin/catalog${query}`, {
    method: "PUT",
    credential: target.serverKey,
    body: file.document,
  });
  if (answer.ok) return VERSION.parse(answer.document).version;
  if (answer.problem.errors === undefined) throw refused(`The catalog ${file.path}`, answer);
  const problems = answer.problem.errors.map(({ path, message }) => `  ${path}: ${message}`);
  throw new StackProblem(
    `The catalog ${file.path} is not valid (${problems.length} problem${problems.length === 1 ? "" : "s"}):\n${problems.join("\n")}`,
  );
}

function refused(what: string, answer: Extract<ApiAnswer, { ok: false }>): StackProblem {
  const { code, detail } = answer.problem;
  return new StackProblem(`${what} was refused with ${answer.status} ${code}: ${detail}`);
}
