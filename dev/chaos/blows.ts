import { setTimeout as sleep } from "node:timers/promises";

import { descendantsOf, sendSignal } from "../processes.ts";
import type { RewardService } from "../rewards/reward-service.ts";
import type { Stack } from "../stack.ts";
import type { BreakableDatabase } from "../testing/breakable-database.ts";
import type { Blow } from "./chaos-plan.ts";

/** What is broken, and put together again. */
export interface Breakable {
  readonly stack: Stack;
  readonly database: BreakableDatabase;
  readonly rewards: RewardService;
  /** Of the faults of the reward service when it comes back. */
  readonly rewardSeed: number;
  readonly log: (line: string) => void;
}

/** What the blows came to. */
export interface Damage {
  kills: number;
  rewardKills: number;
  postgresAwayMs: number;
}

/** Strikes each blow at its moment, until `over`; when it ends everything runs again. */
export async function strike(
  blows: readonly Blow[],
  breakable: Breakable,
  damage: Damage,
  over: AbortSignal,
): Promise<void> {
  const startedAt = Date.now();
  const inTurn = async (own: readonly Blow[]) => {
    for (const blow of own) {
      await pause(startedAt + blow.atMs - Date.now(), over);
      if (over.aborted) return;
      await strikeOne(blow, breakable, damage, over);
    }
  };
  // Side by side: a Worker is to start without Postgres too, and to claim without the reward service.
  const targets = Map.groupBy(blows, ({ kind }) => TARGETS[kind]);
  await Promise.all([...targets.values()].map(inTurn));
}

const TARGETS = {
  kill: "workerd",
  "kill-rewards": "rewards",
  "stop-postgres": "postgres",
  "freeze-postgres": "postgres",
} as const;

async function strikeOne(
  blow: Blow,
  breakable: Breakable,
  damage: Damage,
  over: AbortSignal,
): Promise<void> {
  switch (blow.kind) {
    case "kill":
      return killWorker(breakable, damage);
    case "kill-rewards":
      return withoutRewards(blow, breakable, damage, over);
    case "stop-postgres":
    case "freeze-postgres":
      return withoutPostgres(blow, breakable, damage, over);
  }
}

/** Waits, but not beyond `over`. */
export async function pause(milliseconds: number, over: AbortSignal): Promise<void> {
  await sleep(Math.max(0, milliseconds), undefined, { signal: over }).catch(() => undefined);
}

/** Kills every workerd with -9, and starts the Worker again. */
export async function killWorker({ stack, log }: Breakable, damage: Damage): Promise<void> {
  const workerds = descendantsOf(stack.wranglerPid).filter(({ command }) =>
    command.includes("workerd serve"),
  );
  for (const { pid } of workerds) sendSignal(pid, "SIGKILL");
  if (workerds.length > 0) damage.kills++;
  await stack.restartWorker();
  log(`killed ${workerds.length} workerd processes, the Worker is back`);
}

async function withoutRewards(
  { forMs }: Blow,
  { rewards, rewardSeed, log }: Breakable,
  damage: Damage,
  over: AbortSignal,
): Promise<void> {
  await rewards.kill();
  damage.rewardKills++;
  log(`killed the reward service, for ${forMs / 1_000} s`);
  await pause(forMs, over);
  await rewards.start(rewardSeed);
}

async function withoutPostgres(
  { kind, forMs }: Blow,
  { database, log }: Breakable,
  damage: Damage,
  over: AbortSignal,
): Promise<void> {
  const startedAt = Date.now();
  if (kind === "freeze-postgres") {
    database.freeze();
    log(`froze Postgres for ${forMs / 1_000} s`);
    await pause(forMs, over);
    database.thaw();
  } else {
    await database.kill();
    log(`killed Postgres, for ${forMs / 1_000} s`);
    await pause(forMs, over);
    await database.start();
  }
  damage.postgresAwayMs += Date.now() - startedAt;
  log("Postgres is back");
}
