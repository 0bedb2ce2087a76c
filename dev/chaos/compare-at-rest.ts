import { audit, type AuditReport } from "../audit/audit.ts";
import { killWorker } from "./blows.ts";
import { compareGrants, type GrantComparison } from "./compare-grants.ts";
import { compare, type Comparison } from "./compare.ts";
import { observeApi, observePostgres, settle } from "./observe.ts";
import type { ChaosRun } from "./rage.ts";

/** What is there when nothing goes wrong any more. */
export interface RestReport {
  readonly postgres: Comparison;
  readonly grants: GrantComparison;
  /** Of the whole database. */
  readonly audit: AuditReport;
  /** What the API shows otherwise than it must, before and after a last restart. */
  readonly api: readonly string[];
  /** What kept the shards from coming to rest; null: nothing. */
  readonly restless: string | null;
  readonly settledAfterMs: number;
}

/** Waits until the shards are at rest, and compares API, Postgres and the reward service with what was acknowledged. */
export async function compareAtRest(run: ChaosRun): Promise<RestReport> {
  const { stack, client, rewards } = run;
  const players = run.crews.flat();
  const startedAt = Date.now();
  const restless = await settle(client, stack);
  const settledAfterMs = Date.now() - startedAt;
  const api = await observeApi(client, players);
  // What is in memory could hide what is in Postgres: everybody is loaded again.
  await killWorker(run, run.damage);
  const afterRestart = await observeApi(client, players);
  const stored = await observePostgres(stack.databaseUrl);
  const expected = new Map(players.map((player) => [player.userId, player.expected]));
  return {
    postgres: compare(expected, stored.goals),
    grants: compareGrants(expected, stored.grants, rewards.content.credits),
    audit: await audit(stack.databaseUrl, { namespace: null, userId: null }),
    api: [...api, ...afterRestart],
    restless,
    settledAfterMs,
  };
}
