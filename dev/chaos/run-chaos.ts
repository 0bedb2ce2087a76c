import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { FaultStatus } from "../faults/fault-injector.ts";
import { parseFaultPlan, WEAKENINGS } from "../faults/fault-plan.ts";
import { FAULT_PRESETS } from "../faults/presets.ts";
import { findFreePort } from "../ports.ts";
import type { DeliveryFate } from "../rewards/credit-ledger.ts";
import { createRewardService } from "../rewards/reward-service.ts";
import { startStack, type Stack, type StackOptions } from "../stack.ts";
import { breakableDatabase } from "../testing/breakable-database.ts";
import { makeRunFolder } from "../testing/run-folder.ts";
import type { Breakable, Damage } from "./blows.ts";
import { ChaosClient } from "./chaos-client.ts";
import { compareAtRest, type RestReport } from "./compare-at-rest.ts";
import { Findings } from "./findings.ts";
import { chaosCatalog } from "./goals.ts";
import type { ChaosOptions } from "./options.ts";
import { makeCrews } from "./players.ts";
import { type ChaosRun, rage } from "./rage.ts";

/** All that a run found. */
export interface ChaosReport extends RestReport {
  readonly options: ChaosOptions;
  readonly findings: Findings;
  readonly damage: Damage;
  readonly faults: FaultStatus;
  /** What the reward service did with its deliveries. */
  readonly deliveries: readonly DeliveryFate[];
  readonly unanswered: number;
}

/** More shards than so few players need, which flush more often: more statements for faults to hit. */
const VARS = { SHARD_COUNT: "24", FLUSH_INTERVAL_MS: "100" } as const;

/**
 * Breaks a stack of its own for a while, lets it come to rest, and compares it with what it acknowledged.
 *
 * More than half of the shards' statements and nearly half of the deliveries to the reward service go wrong, workerd and the
 * reward service are killed and Postgres taken away, all by the seed; load goes on meanwhile. Leaves nothing behind. Throws
 * StackProblem when the stack cannot be brought up, or does not come back, and the reason of `interrupt` once that is aborted.
 */
export async function runChaos(
  options: ChaosOptions,
  log: (line: string) => void,
  interrupt: AbortSignal,
): Promise<ChaosReport> {
  const folder = makeRunFolder("gauntlet-chaos-");
  const database = await breakableDatabase(folder);
  const forgetsKeys = options.control === "no-idempotency-key";
  const rewards = await createRewardService(folder, { forgetsKeys });
  try {
    await Promise.all([database.start(), rewards.start(options.seed)]);
    const vars = { ...VARS, ...rewards.workerVars };
    const stack = await startStackIn(
      folder,
      { databaseUrl: database.url, vars },
      options,
      interrupt,
    );
    try {
      const breakable = { stack, database, rewards, rewardSeed: options.seed, log };
      return await run(await prepare(breakable, options, interrupt));
    } finally {
      await stack.stop();
    }
  } finally {
    await rewards.kill();
    database.thaw();
    await database.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(chaos: ChaosRun): Promise<ChaosReport> {
  const faults = await rage(chaos);
  const rest = await compareAtRest(chaos);
  const { options, findings, damage, client, rewards } = chaos;
  const { deliveries } = rewards.content;
  const { unanswered } = client;
  return { ...rest, options, findings, damage, faults, deliveries, unanswered };
}

async function startStackIn(
  folder: string,
  served: Pick<StackOptions, "databaseUrl" | "vars">,
  { seed, control }: ChaosOptions,
  signal: AbortSignal,
): Promise<Stack> {
  const catalogFile = join(folder, "catalog.json");
  writeFileSync(catalogFile, JSON.stringify(chaosCatalog()));
  const weaken = WEAKENINGS.find((name) => name === control) ?? null;
  const stateDir = join(folder, "stack");
  mkdirSync(stateDir);
  return startStack({
    port: await findFreePort(),
    stateDir,
    catalogFile,
    ...served,
    faultPlan: parseFaultPlan({ ...FAULT_PRESETS.storm, seed, weaken }),
    signal,
    log: () => undefined,
  });
}

async function prepare(
  breakable: Breakable,
  options: ChaosOptions,
  interrupt: AbortSignal,
): Promise<ChaosRun> {
  const { stack } = breakable;
  return {
    ...breakable,
    options,
    client: new ChaosClient(stack.url, interrupt),
    findings: new Findings(),
    damage: { kills: 0, rewardKills: 0, postgresAwayMs: 0 },
    crews: await makeCrews((userId) => stack.playerToken(userId)),
  };
}
