import type { ActivatedPointer, CatalogStore } from "../../core/catalog-store.ts";
import type { CatalogDocument } from "../../core/catalog.ts";
import { type Outcome, refuse } from "../../core/errors.ts";
import { double, doubleOrNull, text } from "./cells.ts";
import { milliseconds } from "./columns.ts";
import { type Database, DatabaseError, type SqlParameter } from "./connect.ts";
import { queryOrUnavailable } from "./query-or-unavailable.ts";

/** A publisher that loses the race for an activation number looks again; more losses in a row than this are no accident. */
const ACTIVATION_TRIES_MAX = 5;
/** SQLSTATE of a unique violation: another publisher took the activation number. */
const UNIQUE_VIOLATION = "23505";

/** catalog_version: immutable documents, and which of them is active. */
export function createCatalogStore(database: Database): CatalogStore {
  const ask = (query: string, parameters: readonly SqlParameter[]) =>
    queryOrUnavailable(database, query, parameters);
  return {
    pointer: async (namespace) => {
      const [row] = await ask(`SELECT ${POINTER} FROM (${ACTIVE}) AS v`, [namespace]);
      return row === undefined ? null : readPointer(row);
    },
    document: async (namespace, version) => {
      const query = "SELECT document FROM catalog_version WHERE namespace = $1 AND version = $2";
      const [row] = await ask(query, [namespace, version]);
      if (row === undefined) return null;
      const document: CatalogDocument = JSON.parse(text(row[0]));
      return document;
    },
    publish: (namespace, document, version, expected) =>
      activate(ask, PUBLISH, namespace, version, expected, [JSON.stringify(document)]),
    activate: async (namespace, version, expected) => {
      const query = "SELECT 1 FROM catalog_version WHERE namespace = $1 AND version = $2";
      const found = await ask(query, [namespace, version]);
      if (found.length === 0) {
        return refuse("NOT_FOUND", `Namespace ${namespace} has no catalog version ${version}.`);
      }
      return activate(ask, ACTIVATE, namespace, version, expected, []);
    },
    versions: async (namespace) => {
      const rows = await ask(VERSIONS, [namespace]);
      return rows.map((row) => ({
        version: text(row[0]),
        storedAt: double(row[1]),
        activatedAt: doubleOrNull(row[2]),
      }));
    },
    usage: async (namespace, goalIds) => {
      const rows = await ask(USAGE, [namespace, goalIds]);
      return rows.map((row) => ({
        goalId: text(row[0]),
        inProgress: double(row[1]),
        unclaimed: double(row[2]),
      }));
    },
  };
}

type Ask = (query: string, parameters: readonly SqlParameter[]) => Promise<unknown[][]>;

const POINTER = `v.version, v.seq::float8, ${milliseconds("v.activated_at")}`;

const ACTIVE = `
  SELECT version, seq, activated_at FROM catalog_version
  WHERE namespace = $1 AND seq IS NOT NULL ORDER BY seq DESC LIMIT 1`;

/** $3: is a version expected to be active; $4: which (null: none). Empty when another one is. */
const ALLOWED = `
  SELECT 1 WHERE NOT $3::boolean OR (SELECT version FROM active) IS NOT DISTINCT FROM $4::text`;

/** What the statement came to: the new pointer, or the one that was active already. */
const RESULT = `
  SELECT ${POINTER} FROM moved v
  UNION ALL
  SELECT ${POINTER} FROM active v WHERE version = $2 AND EXISTS (SELECT FROM allowed)`;

/**
 * One statement: two publishers cannot interleave. The activation number is unique per namespace, so that of two who read
 * the same active version one fails, and looks again.
 */
const PUBLISH = `
  WITH active AS (${ACTIVE}), allowed AS (${ALLOWED}), moved AS (
    INSERT INTO catalog_version (namespace, version, document, seq, activated_at)
    SELECT $1, $2, $5, coalesce((SELECT seq FROM active), 0) + 1, now()
    FROM allowed WHERE (SELECT version FROM active) IS DISTINCT FROM $2
    ON CONFLICT (namespace, version) DO UPDATE
    SET seq = EXCLUDED.seq, activated_at = EXCLUDED.activated_at
    RETURNING version, seq, activated_at
  ) ${RESULT}`;

const ACTIVATE = `
  WITH active AS (${ACTIVE}), allowed AS (${ALLOWED}), moved AS (
    UPDATE catalog_version SET seq = coalesce((SELECT seq FROM active), 0) + 1, activated_at = now()
    WHERE namespace = $1 AND version = $2 AND EXISTS (SELECT FROM allowed)
      AND (SELECT version FROM active) IS DISTINCT FROM $2
    RETURNING version, seq, activated_at
  ) ${RESULT}`;

const VERSIONS = `
  SELECT version, ${milliseconds("stored_at")}, ${milliseconds("activated_at")}
  FROM catalog_version WHERE namespace = $1 ORDER BY stored_at DESC, version`;

const USAGE = `
  SELECT goal_id, count(*) FILTER (WHERE status = 'in_progress')::float8,
    count(*) FILTER (WHERE status = 'completed' OR late_until > now())::float8
  FROM user_goal_progress WHERE namespace = $1 AND goal_id = ANY ($2::text[])
  GROUP BY goal_id
  HAVING bool_or(status IN ('in_progress', 'completed') OR late_until > now())`;

async function activate(
  ask: Ask,
  query: string,
  namespace: string,
  version: string,
  expected: string | null | undefined,
  more: readonly SqlParameter[],
): Promise<Outcome<ActivatedPointer>> {
  for (let tries = 1; ; tries++) {
    try {
      const isExpected = expected !== undefined;
      const parameters = [namespace, version, isExpected, expected ?? null, ...more];
      const [row] = await ask(query, parameters);
      if (row !== undefined) return { ok: true, value: readPointer(row) };
      return refuse(
        "CATALOG_CHANGED",
        "Another version is active than the one that If-Match names. Read the active catalog, and decide again.",
      );
    } catch (error) {
      const isLost = error instanceof DatabaseError && error.sqlState === UNIQUE_VIOLATION;
      if (!isLost || tries === ACTIVATION_TRIES_MAX) throw error;
    }
  }
}

function readPointer(row: readonly unknown[]): ActivatedPointer {
  return { version: text(row[0]), seq: double(row[1]), activatedAt: double(row[2]) };
}
