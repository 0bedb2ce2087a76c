import { env } from "cloudflare:workers";

import { connect, type SqlParameter } from "../../src/adapters/postgres/connect.ts";

/** Of the test's own statements; longer than the shard's, so that a lock can outlive them. */
const STATEMENT_MS = 30_000;

/** The database of the Worker under test, past the Worker. */
export const database = connect({
  databaseUrl: env.DATABASE_URL,
  httpEndpoint: env.DATABASE_HTTP_ENDPOINT,
  timeoutMs: STATEMENT_MS,
});

/** Asks Postgres itself; answers rows as arrays. */
export function askPostgres(
  query: string,
  ...parameters: readonly SqlParameter[]
): Promise<unknown[][]> {
  return database.query(query, parameters);
}

/**
 * Makes Postgres refuse every row of this player until `allowRowsOf`: a definite error of the whole statement.
 *
 * Concerns one player of one namespace, so that other shards of the same database go on.
 */
export async function refuseRowsOf(namespace: string, userId: string): Promise<void> {
  await askPostgres(`
    CREATE OR REPLACE FUNCTION refuse_row() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'refused by the test'; END $$`);
  await askPostgres(`
    CREATE OR REPLACE TRIGGER "${triggerOf(namespace, userId)}" BEFORE INSERT ON user_goal_progress
    FOR EACH ROW WHEN (NEW.namespace = '${namespace}' AND NEW.user_id = '${userId}')
    EXECUTE FUNCTION refuse_row()`);
}

/** Undoes `refuseRowsOf`. */
export async function allowRowsOf(namespace: string, userId: string): Promise<void> {
  await askPostgres(`DROP TRIGGER "${triggerOf(namespace, userId)}" ON user_goal_progress`);
}

function triggerOf(namespace: string, userId: string): string {
  return `refuse ${namespace} ${userId}`;
}

/** Runs a test's part while Postgres has no table of this name: every statement that needs it fails. */
export async function withoutTable(table: string, part: () => Promise<void>): Promise<void> {
  await askPostgres(`ALTER TABLE ${table} RENAME TO hidden_${table}`);
  try {
    await part();
  } finally {
    await askPostgres(`ALTER TABLE hidden_${table} RENAME TO ${table}`);
  }
}
