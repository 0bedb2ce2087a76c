import { FLUSH_ROWS_MAX, JOURNAL_OPERATIONS_MAX } from "../../src/shard/limits.ts";
import { arrivalsOf, type Traffic } from "./traffic.ts";
import { DEDUP, usageOf } from "./usage.ts";

/**
 * What one of each carries. Half of what is documented or measured: traffic comes in bursts, and what waits must be made
 * up for.
 */
const CARRIES = {
  /** Cloudflare: 200 to 500 writing calls a second for an object. */
  callsPerShardAndSecond: 250,
  /** Of an object's one thread. */
  objectCpuShare: 0.5,
  /** Statements of 2,000 rows, one at a time, a tenth of a second each with the way to Postgres. */
  flushRowsPerShardAndSecond: (FLUSH_ROWS_MAX / 0.1) * 0.5,
  /** Postgres may be away for a minute, as when its compute restarts, before a shard's journal is full. */
  eventsPerShardAndSecond: JOURNAL_OPERATIONS_MAX / 60,
  /** Neon's own benchmarks take in 50 to 104 MB of WAL a second. */
  walBytesPerDatabaseAndSecond: 25_000_000,
  /** Neon's largest compute has 56 units; more than 16 do not scale by themselves. */
  coresPerDatabase: 28,
  /** Neon's open-source proxy keeps 20 connections for the HTTP statements of an endpoint; a flush holds one for 50 ms. */
  statementsPerDatabaseAndSecond: (20 / 0.05) * 0.5,
} as const;

/** Shard counts that are tried, and the largest of them that makes sense at all. */
const COUNTS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096] as const;

/** A deployment that carries a traffic. */
export interface Deployment {
  readonly traffic: Traffic;
  /** Databases that its flushes need; more than one is not built. */
  readonly databases: number;
  /** What is used most, of what one shard carries. */
  readonly tightest: Load;
  /** How long Postgres may be away before the shards refuse, with JOURNAL_OPERATIONS_MAX as it is shipped. */
  readonly outageSeconds: number;
  /** How far back a repeated id is known; 900 unless the shard meets DEDUP_MAX_IDS first. */
  readonly dedupSeconds: number;
}

/** How much of something a traffic uses; above 1 it is too much. */
export interface Load {
  readonly name: string;
  readonly share: number;
}

/** The loads of a traffic: those of one shard, which more shards make smaller, and those of one database. */
export function loadsOf(traffic: Traffic): { readonly shard: Load[]; readonly database: Load[] } {
  const arrivals = arrivalsOf(traffic);
  const usage = usageOf(traffic);
  const flushed = usage.postgresRows / traffic.shards;
  const of = (name: string, used: number, carried: number): Load => ({
    name,
    share: used / carried,
  });
  return {
    shard: [
      of("calls", arrivals.callsPerShardAndSecond, CARRIES.callsPerShardAndSecond),
      of("object CPU", usage.objectCpuShare, CARRIES.objectCpuShare),
      of("flushed rows", flushed, CARRIES.flushRowsPerShardAndSecond),
      of("journal", arrivals.eventsPerShardAndSecond, CARRIES.eventsPerShardAndSecond),
    ],
    database: [
      of("WAL", usage.walBytes, CARRIES.walBytesPerDatabaseAndSecond),
      of("Postgres CPU", usage.postgresCores, CARRIES.coresPerDatabase),
      of("statements", usage.statements, CARRIES.statementsPerDatabaseAndSecond),
    ],
  };
}

/** The one that is used most. */
export function tightestOf(loads: readonly Load[]): Load {
  return loads.reduce((most, load) => (load.share > most.share ? load : most));
}

/** The fewest shards that carry the traffic, or null when no number of them does. */
export function deploymentFor(traffic: Omit<Traffic, "shards">): Deployment | null {
  for (const shards of COUNTS) {
    const wanted = { ...traffic, shards };
    const { shard, database } = loadsOf(wanted);
    const tightest = tightestOf(shard);
    if (tightest.share > 1) continue;
    const perShard = traffic.eventsPerSecond / shards;
    return {
      traffic: wanted,
      databases: Math.max(1, Math.ceil(tightestOf(database).share)),
      tightest,
      outageSeconds: JOURNAL_OPERATIONS_MAX / perShard,
      dedupSeconds: Math.min(DEDUP.seconds, DEDUP.maxIds / perShard),
    };
  }
  return null;
}
