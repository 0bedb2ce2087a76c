import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { audit, type AuditReport } from "../audit/audit.ts";
import { chaosCatalog } from "../chaos/goals.ts";
import { findFreePort } from "../ports.ts";
import { spawnProductionWorker } from "../spawn-production-worker.ts";
import { startStack, type Stack } from "../stack.ts";
import { type BreakableDatabase, breakableDatabase } from "../testing/breakable-database.ts";
import { makeRunFolder } from "../testing/run-folder.ts";
import { compareCounts, type CountComparison } from "./compare-counts.ts";
import { type LoadOptions, overload, type OverloadPlayer } from "./load.ts";
import { pause } from "./pause.ts";
import { loadPlayers, STRANGE_PLAYERS } from "./players.ts";
import { becomesEmpty, resend, storedWins } from "./recovery.ts";
import { type Sample, sampleUntil } from "./sampler.ts";
import { Tally } from "./tally.ts";

export interface OverloadOptions {
  /** How long Postgres is away. */
  readonly seconds: number;
  /** Players in memory when Postgres goes. */
  readonly knownPlayers: number;
  /** Vars of the Worker beside those of the run. */
  readonly vars?: Readonly<Record<string, string>>;
}

/** All that a run found. */
export interface OverloadReport {
  readonly options: OverloadOptions;
  readonly tally: Tally;
  readonly samples: readonly Sample[];
  /** Between which samples Postgres was away, in their milliseconds. */
  readonly away: { readonly fromMs: number; readonly toMs: number };
  /** From the return of Postgres until no shard had anything left to write; null: not within the time it has. */
  readonly recoveredAfterMs: number | null;
  readonly counts: CountComparison;
  readonly audit: AuditReport;
}

/** Few shards, so that their limits are met within minutes. */
const VARS = { SHARD_COUNT: "2" } as const;
/** The load has this long to show itself before Postgres goes. */
const WARM_UP_MS = 3_000;

/**
 * Takes Postgres away from a stack of its own under load, gives it back, and looks whether the stack recovers by itself.
 *
 * Leaves nothing behind. Throws StackProblem when the stack cannot be brought up, and the reason of `interrupt` once that
 * is aborted.
 */
export async function runOverload(
  options: OverloadOptions,
  log: (line: string) => void,
  interrupt: AbortSignal,
): Promise<OverloadReport> {
  const folder = makeRunFolder("gauntlet-overload-");
  const database = await breakableDatabase(folder);
  try {
    await database.start();
    const stack = await startStackIn(folder, database.url, options, interrupt);
    try {
      return await run({ options, stack, database, log, interrupt });
    } finally {
      await stack.stop();
    }
  } finally {
    await database.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface OverloadRun {
  readonly options: OverloadOptions;
  readonly stack: Stack;
  readonly database: BreakableDatabase;
  readonly log: (line: string) => void;
  readonly interrupt: AbortSignal;
}

async function run(around: OverloadRun): Promise<OverloadReport> {
  const { options, stack, log, interrupt } = around;
  const samples: Sample[] = [];
  const known = await loadPlayers(stack, options.knownPlayers);
  log(`the stack is up, ${known.length} players are in memory`);
  const startedAt = Date.now();
  const over = new AbortController();
  const sampling = sampleUntil(stack, over.signal, (sample) => samples.push(sample));
  try {
    const struck = await strike(around, known, startedAt);
    const { load, unknown, away } = struck;
    log(`Postgres is back; ${unknown.length} events have no answer yet and are sent again`);
    const recoveredAtMs = await becomesEmpty(samples, away.toMs, interrupt);
    await resend(load, unknown, interrupt);
    const counts = compareCounts(
      load.tally.acknowledged,
      await storedWins(stack.databaseUrl, load.tally),
    );
    return {
      options,
      tally: load.tally,
      samples,
      away,
      recoveredAfterMs: recoveredAtMs === null ? null : recoveredAtMs - away.toMs,
      counts,
      audit: await audit(stack.databaseUrl, { namespace: null, userId: null }),
    };
  } finally {
    over.abort();
    await sampling;
  }
}

/** Load, without Postgres for a while. When it ends, also by throwing, the load has ended and Postgres is back. */
async function strike(
  { options, stack, database, log, interrupt }: OverloadRun,
  known: readonly OverloadPlayer[],
  startedAt: number,
) {
  let isAway = false;
  const { url, serverKey } = stack;
  const tally = new Tally();
  const people = { known, strangers: STRANGE_PLAYERS };
  const load: LoadOptions = { url, serverKey, ...people, tally, isAway: () => isAway };
  const over = new AbortController();
  const loading = overload(load, over.signal);
  // One that fails ends the run when it is awaited below.
  loading.catch(() => undefined);
  try {
    await pause(WARM_UP_MS, interrupt);
    await database.kill();
    isAway = true;
    const fromMs = Date.now() - startedAt;
    log(`Postgres is gone, for ${options.seconds} s`);
    await pause(options.seconds * 1_000, interrupt);
    over.abort();
    const unknown = await loading;
    isAway = false;
    await database.start();
    return { load, unknown, away: { fromMs, toMs: Date.now() - startedAt } };
  } finally {
    over.abort();
  }
}

async function startStackIn(
  folder: string,
  databaseUrl: string,
  { vars }: OverloadOptions,
  signal: AbortSignal,
): Promise<Stack> {
  const catalogFile = join(folder, "catalog.json");
  writeFileSync(catalogFile, JSON.stringify(chaosCatalog()));
  const stateDir = join(folder, "stack");
  mkdirSync(stateDir);
  return startStack({
    port: await findFreePort(),
    stateDir,
    catalogFile,
    databaseUrl,
    vars: { ...VARS, ...vars },
    // Without wrangler's own Workers, whose memory grows with every request and would hide that of the shards.
    spawnWorker: spawnProductionWorker(await findFreePort()),
    signal,
    log: () => undefined,
  });
}
