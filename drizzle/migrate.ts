import { fileURLToPath } from "node:url";

import { drizzle } from "drizzle-orm/node-postgres";
import { migrate as applyMigrations } from "drizzle-orm/node-postgres/migrator";
import { Client } from "pg";

const MIGRATIONS_FOLDER = fileURLToPath(new URL("../migrations", import.meta.url));

/** A sleeping Neon compute wakes in well under this; a wrong address should not hang for long. */
const CONNECT_TIMEOUT_MS = 15_000;

/** Applies the migrations that a database lacks, in order; does nothing when it has them all. Works on any Postgres ≥ 15, Neon included. */
export async function migrate(databaseUrl: string): Promise<void> {
  const client = new Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  await client.connect();
  try {
    await applyMigrations(drizzle(client), { migrationsFolder: MIGRATIONS_FOLDER });
  } finally {
    await client.end();
  }
}

if (import.meta.main) {
  const databaseUrl = process.env["DATABASE_URL"];
  if (databaseUrl === undefined || databaseUrl === "") {
    console.error(
      "DATABASE_URL is not set. Name the database: DATABASE_URL=postgres://user:password@host/database npm run db:migrate",
    );
    process.exit(2);
  }
  await migrate(databaseUrl);
  console.log(`The schema is up to date (${new URL(databaseUrl).host}).`);
}
