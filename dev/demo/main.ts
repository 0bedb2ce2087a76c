import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import { readPort } from "../command-line.ts";
import { existingState } from "../existing-state.ts";
import { issuerName, signPlayerToken } from "../signing-key.ts";
import { StackProblem } from "../stack-problem.ts";
import type { State } from "../state.ts";
import { claimCompleted, type Claims } from "./claim-completed.ts";
import { compare, type Comparison, type Observed } from "./compare.ts";
import { DEMO_PLAYERS, DEMO_SETTLE_MS } from "./limits.ts";
import { observeApi, observePostgres, readMeanings } from "./observe.ts";
import { PatientClient } from "./patient-client.ts";
import { type DemoPlan, planDemo, statKey } from "./plan.ts";
import { preparePlayers, type TokenHolder } from "./prepare-players.ts";
import { Progress } from "./progress.ts";
import { reportLines } from "./report.ts";
import { eventKey, sendEvents, type Sent } from "./send-events.ts";

// Drives a running local stack as a game would, then compares what it sent with what the API and Postgres say.
try {
  process.exitCode = (await runDemo(existingState(process.env))) ? 0 : 1;
} catch (error) {
  console.error(error instanceof StackProblem ? error.message : error);
  process.exitCode = 1;
}

async function runDemo(state: State): Promise<boolean> {
  const { databaseUrl } = state;
  if (databaseUrl === null) {
    throw new StackProblem("The local stack has never come up. Start it: npm run dev");
  }
  const baseUrl = `http://127.0.0.1:${readPort(process.env["PORT"])}${process.env["BASE_PATH"] ?? ""}`;
  const client = new PatientClient(baseUrl);
  const namespace = state.serverKey.entry.namespace ?? "default";
  const runId = `demo-${randomBytes(4).toString("hex")}`;
  const players = await makePlayers(state, namespace, runId);
  const progress = new Progress();

  const prepared = await preparePlayers(client, players, (done) =>
    progress.show(`players ready: ${done} of ${players.length}`),
  );
  const meanings = await readMeanings(client, players[0]?.token ?? "");
  const plan = planDemo(prepared, runId);
  const total = [...plan.distinct.values()].reduce((sum, count) => sum + count, 0);
  const sent = await sendEvents(client, plan, state.serverKey.key, (done) =>
    progress.show(`events acknowledged: ${done} of ${total}`),
  );
  progress.show("comparing with the API");
  const acknowledged = acknowledgedByStat(plan, sent);
  const compareWith = (observed: readonly Observed[]) =>
    compare(acknowledged, meanings, observed, Date.now());
  const api = compareWith(await observeApi(client, players));
  progress.show("claiming what is completed");
  const claims = await claimCompleted(client, players);
  progress.show("comparing with Postgres");
  const settled = await settle(databaseUrl, namespace, players, compareWith, claims);
  progress.end();
  const report = { sent, api, claims, resent: client.resent, ...settled };
  for (const line of reportLines(report)) console.log(line);
  return isRight(api, settled.postgres, claims, settled.grants);
}

function makePlayers(state: State, namespace: string, runId: string): Promise<TokenHolder[]> {
  return Promise.all(
    Array.from({ length: DEMO_PLAYERS }, async (_, index) => {
      const userId = `${runId}-${String(index + 1).padStart(3, "0")}`;
      const subject = { userId, namespace };
      const issuer = issuerName(state.id);
      return {
        userId,
        token: await signPlayerToken(state.signingKey, issuer, subject, Date.now()),
      };
    }),
  );
}

/** Distinct acknowledged events per player and stat. */
function acknowledgedByStat(plan: DemoPlan, sent: Sent): ReadonlyMap<string, number> {
  const events = plan.servers.flatMap(({ batches }) => batches.flat());
  const distinct = new Map(events.map((event) => [eventKey(event), event]));
  const counts = new Map<string, number>();
  for (const [key, { userId, type, statCode }] of distinct) {
    if (!sent.acknowledged.has(key)) continue;
    const stat = statKey(userId, { source: type, statCode: statCode ?? "" });
    counts.set(stat, (counts.get(stat) ?? 0) + 1);
  }
  return counts;
}

interface Settled {
  readonly postgres: Comparison;
  readonly grants: number;
  readonly settledAfterMs: number;
}

/** Looks at Postgres until it holds everything, or the time is up. */
async function settle(
  databaseUrl: string,
  namespace: string,
  players: readonly TokenHolder[],
  compareWith: (observed: readonly Observed[]) => Comparison,
  claims: Claims,
): Promise<Settled> {
  const startedAt = Date.now();
  for (;;) {
    const { observed, grants } = await observePostgres(databaseUrl, namespace, players);
    const postgres = compareWith(observed);
    const settledAfterMs = Date.now() - startedAt;
    const isDone = postgres.lost === 0 && grants >= claims.claimed;
    if (isDone || settledAfterMs > DEMO_SETTLE_MS) return { postgres, grants, settledAfterMs };
    await sleep(100);
  }
}

function isRight(api: Comparison, postgres: Comparison, claims: Claims, grants: number): boolean {
  const both = [api, postgres];
  const isExact = both.every(
    ({ lost, doubled, wrongProgress }) => lost + doubled + wrongProgress.length === 0,
  );
  return isExact && claims.paidTwice === 0 && grants === claims.claimed + claims.pending;
}
