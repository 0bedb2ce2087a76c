import { resolve } from "node:path";
import { parseArgs } from "node:util";

import { isNamespace } from "../src/core/identifier.ts";
import { parseClockOffset } from "./clock-offset.ts";
import { StackProblem } from "./stack-problem.ts";

const DEFAULT_PORT = 8787;
const NAMESPACE_RULE = "--namespace is of a-z, 0-9 and -, at most 64 characters.";

/** Reads the variable PORT; 8787 when it is not set. Throws StackProblem. */
export function readPort(text: string | undefined): number {
  if (text === undefined || text === "") return DEFAULT_PORT;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new StackProblem(`PORT is "${text}"; it has to be a number from 1 to 65535, such as 8788.`);
}

/** A path as its writer meant it: npm starts scripts in the package's folder, and says where the caller was. */
export function fromCaller(path: string): string {
  return resolve(process.env["INIT_CWD"] ?? ".", path);
}

/** What `npm run dev -- …` was told. */
export interface DevArguments {
  readonly reset: boolean;
  /** By how much the rules' clock is shifted; null when it is not. */
  readonly clockOffsetMs: number | null;
}

/** Reads the options of `npm run dev`. Throws StackProblem for one that does not exist. */
export function parseDevArguments(options: readonly string[]): DevArguments {
  return orUsage("npm run dev [-- [--reset] [--clock-offset=1d6h]]", () => {
    const { values } = parseArgs({
      args: [...options],
      options: { reset: { type: "boolean" }, "clock-offset": { type: "string" } },
    });
    return { reset: values.reset ?? false, clockOffsetMs: readOffset(values["clock-offset"]) };
  });
}

function readOffset(text: string | undefined): number | null {
  if (text === undefined) return null;
  const milliseconds = parseClockOffset(text);
  if (milliseconds !== null) return milliseconds;
  throw new Error(
    `--clock-offset is "${text}"; write days, hours, minutes, seconds: 1d6h, or =-1d.`,
  );
}

/** Which credential `npm run token -- …` is to print. */
export type TokenArguments =
  | { readonly kind: "player"; readonly userId: string; readonly namespace: string | undefined }
  | { readonly kind: "server" | "operator" };

const TOKEN_USAGE =
  "npm run -s token -- --user <id> [--namespace <ns>]   or   --server   or   --operator";

/** Reads the options of `npm run token`. Throws StackProblem unless exactly one credential is asked for. */
export function parseTokenArguments(options: readonly string[]): TokenArguments {
  return orUsage(TOKEN_USAGE, () => {
    const { values } = parseArgs({
      args: [...options],
      options: {
        user: { type: "string" },
        namespace: { type: "string" },
        server: { type: "boolean" },
        operator: { type: "boolean" },
      },
    });
    const { user, namespace, server, operator } = values;
    const asked = [user, server, operator].filter((value) => value !== undefined);
    if (asked.length !== 1) throw new Error("Ask for one credential.");
    if (user === "") throw new Error("The user id is empty.");
    if (namespace !== undefined && !isNamespace(namespace)) throw new Error(NAMESPACE_RULE);
    if (user !== undefined) return { kind: "player", userId: user, namespace };
    if (namespace !== undefined) throw new Error("--namespace goes with --user.");
    return { kind: server ? "server" : "operator" };
  });
}

/** Which key `npm run key -- …` is to make. */
export interface KeyArguments {
  /** Null for an operator's key. */
  readonly namespace: string | null;
  readonly scopes: string[];
  /** Undefined: one is drawn. */
  readonly id: string | undefined;
}

const KEY_USAGE =
  "npm run -s key -- --namespace <ns> --scopes events:write,players:read [--id <a-z0-9>]   or   --operator";

/** Reads the options of `npm run key`. Throws StackProblem that names what is missing or unknown. */
export function parseKeyArguments(
  options: readonly string[],
  knownScopes: readonly string[],
): KeyArguments {
  return orUsage(KEY_USAGE, () => {
    const { values, positionals } = parseArgs({
      args: [...options],
      allowPositionals: true,
      options: {
        namespace: { type: "string" },
        scopes: { type: "string", multiple: true },
        id: { type: "string" },
        operator: { type: "boolean" },
      },
    });
    const { namespace, id } = values;
    // `--scopes a b` and `--scopes a,b` are both natural; the second word arrives as a positional.
    const scopes = [...(values.scopes ?? []), ...positionals].flatMap((each) =>
      each.split(",").filter((scope) => scope !== ""),
    );
    if (id !== undefined && !/^[a-z0-9]+$/.test(id)) throw new Error("--id is of a-z and 0-9.");
    if (values.operator) {
      if (namespace !== undefined || scopes.length > 0) {
        throw new Error("An operator's key has neither namespace nor other scopes.");
      }
      return { namespace: null, scopes: ["operator"], id };
    }
    if (!isNamespace(namespace)) throw new Error(NAMESPACE_RULE);
    const unknown = scopes.filter((scope) => !knownScopes.includes(scope));
    if (scopes.length === 0 || unknown.length > 0) {
      const problem =
        unknown.length > 0 ? `Unknown scope: ${unknown.join(", ")}.` : "--scopes is missing.";
      throw new Error(`${problem} There are: ${knownScopes.join(", ")}.`);
    }
    return { namespace, scopes: [...new Set(scopes)], id };
  });
}

function orUsage<T>(usage: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StackProblem(`${reason}\nUsage: ${usage}`, { cause: error });
  }
}
