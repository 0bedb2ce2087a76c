import { SIZES } from "./measured.ts";
import { costOf, PRICED, type Priced } from "./prices.ts";
import type { Traffic } from "./traffic.ts";
import { type Usage, usageOf } from "./usage.ts";

const MILLION = 1_000_000;
const GIGABYTE = 1e9;
const SECONDS_PER_HOUR = 3_600;
/** 30 days, as the providers count. */
export const SECONDS_PER_MONTH = 30 * 86_400;
/** How long Neon keeps WAL for a restore: a project's setting. */
const HISTORY_DAYS = 1;
/** Workers Logs are kept so long on the paid plan. */
const LOG_DAYS = 7;
const DAYS_PER_MONTH = 30;
/** Neon's smallest compute, and how busy one may be so that a flush does not wait. */
const COMPUTE_UNITS_MIN = 0.25;
const COMPUTE_BUSY_MAX = 0.5;

/** The lines of a bill, summed up as the tables show them. */
export interface Bill {
  /** Requests and CPU. */
  readonly worker: number;
  /** Calls, alarms, time in memory and storage of objects. */
  readonly objects: number;
  /** Rows written in SQLite. */
  readonly rows: number;
  readonly postgres: number;
  /** If every invocation is logged, as `observability.enabled` alone says. */
  readonly logs: number;
  /** Without the logs. */
  readonly total: number;
}

/** Dollars for a million events, at list prices. */
export function billPerMillionEvents(traffic: Traffic): Bill {
  const usage = usageOf(traffic);
  const forMillion = (dollarsPerSecond: number) =>
    (dollarsPerSecond / traffic.eventsPerSecond) * MILLION;
  const worker = forMillion(sum(usage, workerCosts));
  const objects = forMillion(sum(usage, objectCosts));
  const rows = forMillion(costOf("rowWritten", usage.rowsWritten));
  const postgres = forMillion(sum(usage, postgresCosts));
  const logs = forMillion(sum(usage, logCosts));
  return { worker, objects, rows, postgres, logs, total: worker + objects + rows + postgres };
}

/** Compute units that keep a flush from waiting; Neon counts one as a core and 4 GB. */
export function computeUnits({ postgresCores }: Pick<Usage, "postgresCores">): number {
  return Math.max(COMPUTE_UNITS_MIN, postgresCores / COMPUTE_BUSY_MAX);
}

/** Dollars for the history of a million events, by how many days Neon keeps it. */
export function historyPerMillionEvents(traffic: Traffic, days: number): number {
  const perSecond = costOf("neonHistory", historyGigabyteMonths(usageOf(traffic), days));
  return (perSecond / traffic.eventsPerSecond) * MILLION;
}

function historyGigabyteMonths({ walBytes }: Usage, days: number): number {
  return ((walBytes / GIGABYTE) * days) / DAYS_PER_MONTH;
}

/** What a usage costs per second: amounts in the units of the prices. */
type Amounts = Partial<Record<Priced, number>>;

function workerCosts({ workerRequests, workerCpuMs }: Usage): Amounts {
  return { workerRequest: workerRequests, workerCpu: workerCpuMs };
}

function objectCosts(usage: Usage): Amounts {
  return {
    objectRequest: usage.objectRequests,
    objectDuration: usage.objectGbSeconds,
    rowRead: usage.rowsRead,
    objectStorage: usage.objectBytes / GIGABYTE / SECONDS_PER_MONTH,
  };
}

function postgresCosts(usage: Usage): Amounts {
  return {
    neonCompute: computeUnits(usage) / SECONDS_PER_HOUR,
    neonHistory: historyGigabyteMonths(usage, HISTORY_DAYS),
    neonEgress: usage.egressBytes / GIGABYTE,
  };
}

function logCosts({ logEvents }: Usage): Amounts {
  const gigabytes = (logEvents * SIZES.logEventBytes) / GIGABYTE;
  return { logIngestion: gigabytes, logStorage: (gigabytes * LOG_DAYS) / DAYS_PER_MONTH };
}

function sum(usage: Usage, costs: (usage: Usage) => Amounts): number {
  const amounts = costs(usage);
  return PRICED.reduce((dollars, name) => dollars + costOf(name, amounts[name] ?? 0), 0);
}
