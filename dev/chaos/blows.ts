import { setTimeout as sleep } from "node:timers/promises";

import { descendantsOf, sendSignal } from "../processes.ts";
import type { Stack } from "../stack.ts";
import type { BreakableDatabase } from "../testing/breakable-database.ts";
import type { Blow } from "./chaos-plan.ts";

/** What is broken, and put together again. */
export interface Breakable {
  readonly stack: Stack;
  readonly database: BreakableDatabase;
  readonly log: (line: string) => void;
}

/** What the blows came to. */
export interface Damage {
  kills: number;
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
      if (blow.kind === "kill") await killWorker(breakable, damage);
      else await withoutPostgres(blow, breakable, damage, over);
    }
  };
  const kills = blows.filter(({ kind }) => kind === "kill");
  // Side by side: a Worker is to start without Postgres too.
  await Promise.all([inTurn(kills), inTurn(blows.filter(({ kind }) => kind !== "kill"))]);
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
