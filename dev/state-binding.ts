import { Client } from "pg";

import { StackProblem } from "./stack-problem.ts";

/** What to do about a state folder and a database that meet. */
export type BindingDecision = "bound" | "bind" | "database-of-another-state" | "another-database";

/**
 * Decides whether this state may run against this database.
 *
 * The shards' journal knows what the database holds. Against another one it would skip what it believes to be written,
 * or write what belongs to other players; so one state belongs to one database for good.
 */
export function decideBinding(
  stateId: string,
  stateIsBound: boolean,
  databaseId: string | null,
): BindingDecision {
  if (databaseId === stateId) return "bound";
  if (databaseId !== null) return "database-of-another-state";
  return stateIsBound ? "another-database" : "bind";
}

/** Where and how the state and the database came together, for the message. */
export interface BindingPlace {
  readonly folder: string;
  /** Whether the developer named the database; such a one is never dropped or changed to fit. */
  readonly isForeign: boolean;
}

/** Binds a fresh database to the state, or throws StackProblem with the remedy when the two do not belong together. */
export async function bindDatabase(
  databaseUrl: string,
  bindingId: string,
  stateIsBound: boolean,
  place: BindingPlace,
): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    // Serialises two stacks that meet the same fresh database; released with the connection.
    await client.query("SELECT pg_advisory_lock(hashtext('gauntlet_local.binding'))");
    const decision = decideBinding(bindingId, stateIsBound, await readBinding(client));
    if (decision === "bound") return;
    if (decision !== "bind") throw mismatch(decision, databaseUrl, place);
    await client.query(`
      CREATE SCHEMA IF NOT EXISTS gauntlet_local;
      CREATE TABLE IF NOT EXISTS gauntlet_local.binding (
        only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
        id text NOT NULL,
        bound_at timestamptz NOT NULL DEFAULT now()
      )`);
    await client.query("INSERT INTO gauntlet_local.binding (id) VALUES ($1)", [bindingId]);
  } finally {
    await client.end();
  }
}

async function readBinding(client: Client): Promise<string | null> {
  const table = await client.query<{ there: boolean }>(
    "SELECT to_regclass('gauntlet_local.binding') IS NOT NULL AS there",
  );
  if (!table.rows[0]?.there) return null;
  const { rows } = await client.query<{ id: string }>("SELECT id FROM gauntlet_local.binding");
  return rows[0]?.id ?? null;
}

function mismatch(
  decision: "database-of-another-state" | "another-database",
  databaseUrl: string,
  { folder, isForeign }: BindingPlace,
): StackProblem {
  const url = new URL(databaseUrl);
  const database = `${url.host}${url.pathname}`;
  if (decision === "another-database") {
    return new StackProblem(
      `The state in ${folder} belongs to another database than ${database}: its journal must not be written there. ` +
        "Name the database of before, drop the local state (npm run dev -- --reset), or use a folder of its own: " +
        "GAUNTLET_STATE=.gauntlet/other npm run dev",
    );
  }
  const remedy = isForeign
    ? "Start with that state (GAUNTLET_STATE=<its folder>), or name another database. If that state is lost and nothing " +
      "else uses the database, release it: DELETE FROM gauntlet_local.binding (the database itself is never dropped)"
    : "Drop the local state: npm run dev -- --reset";
  return new StackProblem(
    `The database ${database} belongs to another local state than ${folder}: that state's journal may still hold ` +
      `operations for it. ${remedy}.`,
  );
}
