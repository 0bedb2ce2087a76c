import { Client } from "pg";

/** Asks Postgres itself, past endpoint and driver; answers the rows. */
export async function queryDirectly(
  databaseUrl: string,
  query: string,
  params: readonly unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(query, [...params])).rows;
  } finally {
    await client.end();
  }
}
