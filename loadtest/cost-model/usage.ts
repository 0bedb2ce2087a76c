import { FLUSH_ROWS_MAX } from "../../src/shard/limits.ts";
import { CPU, POSTGRES_ROW, SIZES, SQLITE_ROWS } from "./measured.ts";
import { arrivalsOf, type Traffic } from "./traffic.ts";

/** Rows of an active player that one flush writes: the goals that its events moved. As in the tests that measure a flush. */
export const ROWS_PER_ACTIVE_PLAYER = 4;
/** An object is billed as if it had all of an isolate's memory. */
const OBJECT_GB = 0.128;
/** The cron pings every shard each minute. */
const CRON_SECONDS = 60;
/** A statement of the Worker's log for each flush, and one for each alarm. */
const LINES_PER_PASS = 2;
/** Ids are remembered so long, DEDUP_SECONDS, and so many of them, DEDUP_MAX_IDS. */
export const DEDUP = { seconds: 900, maxIds: 1_000_000 } as const;

/** What traffic uses of each thing that has a price or an end, per second. */
export interface Usage {
  readonly workerRequests: number;
  readonly workerCpuMs: number;
  readonly objectRequests: number;
  /** CPU of one shard's single thread: 1 is all of it. */
  readonly objectCpuShare: number;
  readonly objectGbSeconds: number;
  readonly rowsWritten: number;
  readonly rowsRead: number;
  /** Bytes that all objects hold at any time. */
  readonly objectBytes: number;
  readonly logEvents: number;
  readonly postgresRows: number;
  readonly statements: number;
  readonly walBytes: number;
  /** Cores of Postgres that are busy. */
  readonly postgresCores: number;
  readonly egressBytes: number;
}

/** Adds up what traffic uses. Every player is in memory, and has its rows: the steady state of a day. */
export function usageOf(traffic: Traffic): Usage {
  const { shards, eventsPerSecond } = traffic;
  const arrivals = arrivalsOf(traffic);
  const calls = arrivals.callsPerShardAndSecond * shards;
  const groups = arrivals.groupsPerShardAndSecond * shards;
  const passes = arrivals.passesPerShardAndSecond * shards;
  const postgresRows = arrivals.playersPerSecond * ROWS_PER_ACTIVE_PLAYER;
  const statements = passes * Math.max(1, Math.ceil(postgresRows / passes / FLUSH_ROWS_MAX));
  const pings = shards / CRON_SECONDS;
  const objectRequests = calls + passes + pings;
  const workerRequests = arrivals.requestsPerSecond + 1 / CRON_SECONDS;
  const ids = Math.min(DEDUP.maxIds, arrivals.eventsPerShardAndSecond * DEDUP.seconds);
  const { perGroup, perFlush, perAlarm, readPerGroup } = SQLITE_ROWS;
  return {
    workerRequests,
    workerCpuMs: CPU.workerMsPerRequest * workerRequests + CPU.workerMsPerEvent * eventsPerSecond,
    objectRequests,
    objectCpuShare:
      (CPU.objectMsPerCall * arrivals.callsPerShardAndSecond +
        CPU.objectMsPerEvent * arrivals.eventsPerShardAndSecond) /
      1000,
    objectGbSeconds: shards * OBJECT_GB,
    rowsWritten: groups * perGroup + statements * perFlush + passes * perAlarm,
    rowsRead: groups * readPerGroup,
    objectBytes: shards * ids * SIZES.rememberedIdBytes,
    logEvents: workerRequests + objectRequests + passes * LINES_PER_PASS,
    postgresRows,
    statements,
    walBytes: postgresRows * POSTGRES_ROW.walBytesUpdated,
    postgresCores:
      (postgresRows * CPU.postgresMsPerRow + statements * CPU.postgresMsPerStatement) / 1000,
    egressBytes: statements * SIZES.flushAnswerBytes,
  };
}
