import type { Readiness } from "../../core/ports.ts";
import { text } from "./cells.ts";
import type { Database } from "./connect.ts";
import { queryOrUnavailable } from "./query-or-unavailable.ts";

/** Asks whether Postgres answers and has the tables of drizzle/schema.ts. Throws FailureError DATABASE_UNAVAILABLE. */
export function createReadiness(database: Database): Readiness {
  return {
    check: async () => {
      const rows = await queryOrUnavailable(database, MISSING_TABLES, [TABLES]);
      if (rows.length === 0) return [];
      const names = rows.map((row) => text(row[0])).join(", ");
      return [`lacks the tables ${names}: run npm run db:migrate`];
    },
  };
}

const TABLES = [
  "user_goal_progress",
  "shard_fence",
  "reward_grant",
  "catalog_version",
  "dead_letter",
];

const MISSING_TABLES =
  "SELECT name FROM unnest($1::text[]) AS wanted(name) WHERE to_regclass(name) IS NULL";
