import { inject } from "vitest";

import { TEMPLATE_DATABASE } from "./template-database.ts";

/** A migrated, empty database that nobody else uses. */
export interface FreshDatabase {
  /** For node-postgres, and the connection string that the Neon driver shows. */
  readonly url: string;
  /** For `neonConfig.fetchEndpoint` or DATABASE_HTTP_ENDPOINT. */
  readonly endpointUrl: string;
  /** Ends its connections and removes it. Whoever forgets leaves it to the end of the run. */
  drop(): Promise<void>;
}

/**
 * Makes a database with the shipped migrations in it, in some 50 ms.
 *
 * Speaks to the endpoint by `fetch` alone, so that tests inside workerd can call it too. Needs `database-server.ts` as
 * the project's globalSetup.
 */
export async function freshDatabase(): Promise<FreshDatabase> {
  const { adminUrl, endpointUrl } = inject("databaseServer");
  const name = `test_${crypto.randomUUID().replaceAll("-", "")}`;
  await runAsAdmin(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE_DATABASE}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    endpointUrl,
    drop: () => runAsAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };

  async function runAsAdmin(query: string): Promise<void> {
    const response = await fetch(endpointUrl, {
      method: "POST",
      headers: { "Neon-Connection-String": adminUrl },
      body: JSON.stringify({ query, params: [] }),
    });
    if (!response.ok) throw new Error(`${query} failed: ${await response.text()}`);
    await response.body?.cancel();
  }
}
