import type { TestProject } from "vitest/node";

import { queryDirectly } from "./query-directly.ts";
import { TEMPLATE_DATABASE } from "./template-database.ts";

declare module "vitest" {
  export interface ProvidedContext {
    workerDatabase: { readonly databaseUrl: string; readonly endpointUrl: string };
  }
}

/** The vitest globalSetup of tests inside workerd: one migrated database, known before the Worker's bindings are made. */
export default async function setup(project: TestProject): Promise<void> {
  const { adminUrl, endpointUrl } = project.getProvidedContext().databaseServer;
  const name = `worker_${crypto.randomUUID().replaceAll("-", "")}`;
  await queryDirectly(adminUrl, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE_DATABASE}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  project.provide("workerDatabase", { databaseUrl: url.href, endpointUrl });
}
