import { setFaults } from "../faults/control-client.ts";
import type { FaultStatus } from "../faults/fault-injector.ts";
import { RandomStream } from "../faults/random.ts";
import { type Breakable, type Damage, pause, strike } from "./blows.ts";
import type { ChaosClient } from "./chaos-client.ts";
import { planBlows } from "./chaos-plan.ts";
import { playCrew } from "./crew.ts";
import type { Findings } from "./findings.ts";
import type { ChaosOptions } from "./options.ts";
import type { ChaosPlayer } from "./players.ts";

/** What the parts of a run share. */
export interface ChaosRun extends Breakable {
  readonly options: ChaosOptions;
  readonly client: ChaosClient;
  readonly findings: Findings;
  readonly damage: Damage;
  readonly crews: readonly (readonly ChaosPlayer[])[];
}

/**
 * Load, faults and blows for as long as wanted; answers the faults that there were.
 *
 * When it ends, also by throwing, nothing of it goes on. Throws what made a crew give up.
 */
export async function rage(run: ChaosRun): Promise<FaultStatus> {
  const { stack, log, options, client, findings, damage } = run;
  log(`the stack is up, ${run.crews.flat().length} players play for ${options.seconds} s`);
  const over = new AbortController();
  const load = run.crews.map((players, index) => {
    const random = new RandomStream(options.seed, 1 + index);
    const { serverKey } = stack;
    return playCrew({ players, client, serverKey, random, findings }, over.signal);
  });
  const durationMs = options.seconds * 1_000;
  const blows = Promise.all([
    strike(planBlows(options.seed, durationMs), run, damage, over.signal),
    pause(durationMs, over.signal),
  ]);
  // A crew that gives up ends the run at once; why is told below.
  await Promise.race([blows, Promise.all(load)]).catch(() => undefined);
  over.abort();
  log("the faults are off, the load ends");
  const faults = await setFaults(stack.faultsUrl, null);
  await Promise.allSettled([blows]);
  // What hangs is cut off, so that claims that were begun come to their end.
  await run.rewards.kill();
  await run.rewards.start(null);
  await Promise.allSettled(load);
  await Promise.all([blows, ...load]);
  return faults;
}
