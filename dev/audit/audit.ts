import { Client } from "pg";

import { CLAIM_INVARIANTS } from "./claim-invariants.ts";
import type { Invariant } from "./invariant.ts";
import { LEDGER_INVARIANTS } from "./ledger-invariants.ts";
import { PROGRESS_INVARIANTS } from "./progress-invariants.ts";
import { ROW_INVARIANTS } from "./row-invariants.ts";
import { SHARD_INVARIANTS } from "./shard-invariants.ts";
import { type PublishedCatalog, steadyModes } from "./steady-modes.ts";

/** All that the audit looks at. */
export const INVARIANTS: readonly Invariant[] = [
  ...ROW_INVARIANTS,
  ...PROGRESS_INVARIANTS,
  ...CLAIM_INVARIANTS,
  ...LEDGER_INVARIANTS,
  ...SHARD_INVARIANTS,
];

/** Whose rows are looked at; null: everybody's. Fences are always looked at. */
export interface AuditScope {
  readonly namespace: string | null;
  readonly userId: string | null;
}

/** One violation: where, and what stands there. */
export interface Finding {
  readonly place: string;
  readonly found: string;
}

export interface BrokenInvariant {
  readonly invariant: Invariant;
  readonly count: number;
  /** The first of them; all, unless there are very many. */
  readonly findings: readonly Finding[];
}

export interface AuditReport {
  readonly broken: readonly BrokenInvariant[];
  /** How much was looked at, by what: a clean audit of nothing is no good news. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Findings of one invariant that are listed; a database in which everything is wrong should not fill a disk. */
const FINDINGS_SHOWN_MAX = 1_000;
/** A sleeping Neon compute wakes in well under this; a wrong address should not hang for long. */
const CONNECT_TIMEOUT_MS = 15_000;
/** For one invariant over all rows: long enough for millions, and an audit that was left alone ends. */
const STATEMENT_TIMEOUT_MS = 600_000;

/**
 * Looks for rows that break an invariant, all in one snapshot; writes nothing, and Postgres holds it to that.
 *
 * What it cannot see: journals (operations of the last second), what the reward service did, and a row that is missing
 * altogether, which looks like an erasure. Throws what Postgres or its driver throw when they cannot be asked.
 */
export async function audit(databaseUrl: string, scope: AuditScope): Promise<AuditReport> {
  const client = new Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  await client.connect();
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    await client.query(`SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT_MS}`);
    await client.query("SET LOCAL timezone = 'UTC'");
    const parameters = await parametersOf(client, scope);
    const broken: BrokenInvariant[] = [];
    for (const invariant of INVARIANTS) {
      const found = await check(client, invariant, parameters);
      if (found.count > 0) broken.push(found);
    }
    return { broken, counts: await count(client, parameters) };
  } finally {
    await client.end();
  }
}

/** What every query may read; parameters: namespace, user id, and the steady modes as three arrays. */
const READS = `
  WITH goal_row AS (
    SELECT * FROM user_goal_progress WHERE ($1::text IS NULL OR namespace = $1) AND ($2::text IS NULL OR user_id = $2)
  ), ledger_line AS (
    SELECT * FROM reward_grant WHERE ($1::text IS NULL OR namespace = $1) AND ($2::text IS NULL OR user_id = $2)
  ), steady_mode AS (
    SELECT * FROM unnest($3::text[], $4::text[], $5::text[]) AS s(namespace, goal_id, mode)
  )`;

const COUNTS = `${READS}
  SELECT (SELECT count(*) FROM goal_row) AS rows,
    (SELECT count(*) FROM (SELECT DISTINCT namespace, user_id FROM goal_row) AS player) AS players,
    (SELECT count(*) FROM ledger_line) AS "ledger lines",
    (SELECT count(*) FROM ledger_line WHERE state IN ('pending', 'parked')) AS "of them unsettled",
    (SELECT count(*) FROM shard_fence) AS shards,
    (SELECT count(*) FROM dead_letter) AS "dead letters",
    (SELECT count(*) FROM dead_letter WHERE state = 'open') AS "open dead letters",
    (SELECT count(*) FROM steady_mode) AS "goals of one mode"`;

async function parametersOf(client: Client, { namespace, userId }: AuditScope): Promise<unknown[]> {
  const query = `SELECT namespace, document FROM catalog_version
    WHERE activated_at IS NOT NULL AND ($1::text IS NULL OR namespace = $1)`;
  const { rows } = await client.query<PublishedCatalog>(query, [namespace]);
  const modes = steadyModes(rows);
  return [
    namespace,
    userId,
    modes.map((goal) => goal.namespace),
    modes.map((goal) => goal.goalId),
    modes.map((goal) => goal.mode),
  ];
}

async function check(
  client: Client,
  invariant: Invariant,
  parameters: readonly unknown[],
): Promise<BrokenInvariant> {
  const query = `${READS}
    SELECT place, found, count(*) OVER ()::int AS count FROM (${invariant.query}) AS breach
    ORDER BY place, found LIMIT ${FINDINGS_SHOWN_MAX}`;
  const { rows } = await client.query<Finding & { count: number }>(query, [...parameters]);
  const findings = rows.map(({ place, found }) => ({ place, found }));
  return { invariant, count: rows[0]?.count ?? 0, findings };
}

async function count(
  client: Client,
  parameters: readonly unknown[],
): Promise<Record<string, number>> {
  const { rows } = await client.query<Record<string, string>>(COUNTS, [...parameters]);
  return Object.fromEntries(
    Object.entries(rows[0] ?? {}).map(([what, number]) => [what, Number(number)]),
  );
}
