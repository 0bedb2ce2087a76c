import type { IncomingHttpHeaders } from "node:http";

import { toPostgresText } from "./neon-endpoint-params.ts";

/** One statement with its parameters in Postgres' text form. */
export interface SqlStatement {
  readonly query: string;
  readonly params: readonly (string | null)[];
  /** Rows as arrays rather than as objects. */
  readonly arrayMode: boolean;
}

/** The isolation levels by their names on the wire. */
export const ISOLATION_LEVELS = {
  ReadUncommitted: "READ UNCOMMITTED",
  ReadCommitted: "READ COMMITTED",
  RepeatableRead: "REPEATABLE READ",
  Serializable: "SERIALIZABLE",
} as const;

export type IsolationLevelName = keyof typeof ISOLATION_LEVELS;

/** How the transaction of a batch is to be opened. */
export interface BatchOptions {
  /** Null: the database's default. */
  readonly isolationLevel: IsolationLevelName | null;
  readonly readOnly: boolean;
  readonly deferrable: boolean;
}

/** A request as the endpoint understood it. */
export interface SqlRequest {
  readonly database: string;
  readonly statements: readonly SqlStatement[];
  /** Null for a single statement, which runs without BEGIN and COMMIT around it. */
  readonly batch: BatchOptions | null;
  /** Values as Postgres' text rather than as JSON values; the Neon driver always asks for text. */
  readonly rawText: boolean;
}

/** Who asks, and for which database: the header Neon-Connection-String taken apart. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** A request that cannot be understood; the message is Neon's. */
export class BadRequest extends Error {}

/** Reads the header Neon-Connection-String. Throws BadRequest with Neon's words (proxy/src/serverless/error.rs). */
export function parseCredentials(header: string | string[] | undefined): Credentials {
  if (typeof header !== "string") throw new BadRequest("invalid header: neon-connection-string");
  let url: URL;
  try {
    url = new URL(header);
  } catch {
    throw new BadRequest("invalid connection string: relative URL without a base");
  }
  if (url.protocol !== "postgres:" && url.protocol !== "postgresql:") {
    throw new BadRequest("incorrect scheme");
  }
  const database = decodeURIComponent(url.pathname.slice(1));
  if (database === "") throw new BadRequest("missing database name");
  if (url.username === "") throw new BadRequest("missing username");
  if (url.password === "") {
    throw new BadRequest("missing authentication credentials: required password");
  }
  return {
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database,
  };
}

/** Reads headers and body of POST /sql. Throws BadRequest. */
export function parseSqlRequest(
  headers: IncomingHttpHeaders,
  body: string,
  database: string,
): SqlRequest {
  const arrayMode = headers["neon-array-mode"] === "true";
  const rawText = headers["neon-raw-text-output"] === "true";
  const isolationLevel = parseIsolationLevel(headers["neon-batch-isolation-level"]);
  const payload = parseJsonObject(body);
  if (!("queries" in payload)) {
    const statements = [parseStatement(payload, arrayMode)];
    return { database, statements, batch: null, rawText };
  }
  if (!Array.isArray(payload["queries"])) throw unreadable("`queries` is not a list");
  const queries: readonly unknown[] = payload["queries"];
  return {
    database,
    rawText,
    statements: queries.map((query) => parseStatement(query, arrayMode)),
    batch: {
      isolationLevel,
      readOnly: headers["neon-batch-read-only"] === "true",
      deferrable: headers["neon-batch-deferrable"] === "true",
    },
  };
}

function parseIsolationLevel(header: string | string[] | undefined): IsolationLevelName | null {
  switch (header) {
    case undefined:
      return null;
    case "ReadUncommitted":
    case "ReadCommitted":
    case "RepeatableRead":
    case "Serializable":
      return header;
    default:
      throw new BadRequest("invalid isolation level");
  }
}

function parseJsonObject(body: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    throw unreadable(error instanceof Error ? error.message : String(error));
  }
  if (!isObject(value)) throw unreadable("not an object");
  return value;
}

function parseStatement(value: unknown, defaultArrayMode: boolean): SqlStatement {
  if (!isObject(value) || typeof value["query"] !== "string") throw unreadable("no `query`");
  const params: unknown = value["params"] ?? [];
  if (!Array.isArray(params)) throw unreadable("`params` is not a list");
  const arrayMode = value["arrayMode"];
  return {
    query: value["query"],
    params: params.map(toPostgresText),
    arrayMode: typeof arrayMode === "boolean" ? arrayMode : defaultArrayMode,
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unreadable(reason: string): BadRequest {
  return new BadRequest(`could not parse the HTTP request body: ${reason}`);
}
