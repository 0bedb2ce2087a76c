/** What a unit of something costs, and who says so. */
export interface Price {
  readonly dollars: number;
  /** For so many units. */
  readonly per: number;
  readonly unit: string;
  /** The page in the provider's documentation. */
  readonly source: string;
}

/** When the pages were read. They were read as the providers publish their sources, and never compared with an invoice. */
export const PRICES_AS_OF = "2026-11-25";

const MILLION = 1_000_000;
const WORKERS = "developers.cloudflare.com/workers/platform/pricing";
const OBJECTS = "developers.cloudflare.com/durable-objects/platform/pricing";
const OBSERVABILITY = "developers.cloudflare.com/observability/pricing";
const NEON = "neon.com/docs/introduction/plans";

/**
 * List prices in US dollars, without the volumes that the plans include each month: Workers Paid has 10 M requests, 30 M ms of
 * CPU, 1 M object requests, 400,000 GB-s, 50 M rows written, 10 M KV reads, 1 M KV writes, 50 GB of logs; Neon 100 GB of egress.
 */
export const PRICES = {
  workerRequest: { dollars: 0.3, per: MILLION, unit: "requests to the Worker", source: WORKERS },
  workerCpu: { dollars: 0.02, per: MILLION, unit: "ms of Worker CPU", source: WORKERS },
  objectRequest: {
    dollars: 0.15,
    per: MILLION,
    unit: "calls and alarms of objects",
    source: OBJECTS,
  },
  objectDuration: {
    dollars: 12.5,
    per: MILLION,
    unit: "GB-s of objects in memory",
    source: OBJECTS,
  },
  rowWritten: { dollars: 1, per: MILLION, unit: "rows written in SQLite", source: OBJECTS },
  rowRead: { dollars: 0.001, per: MILLION, unit: "rows read in SQLite", source: OBJECTS },
  objectStorage: { dollars: 0.2, per: 1, unit: "GB-month in SQLite", source: OBJECTS },
  kvRead: { dollars: 0.5, per: MILLION, unit: "KV reads, misses too", source: WORKERS },
  kvWrite: { dollars: 5, per: MILLION, unit: "KV writes", source: WORKERS },
  /** From 2026-12-01. Until then $0.60 for a million log events, whatever their size. */
  logIngestion: { dollars: 0.25, per: 1, unit: "GB of logs and traces", source: OBSERVABILITY },
  logStorage: { dollars: 0.1, per: 1, unit: "GB-month of logs", source: OBSERVABILITY },
  /** On the plan Launch; $0.222 on Scale. */
  neonCompute: { dollars: 0.106, per: 1, unit: "CU-hour of Postgres", source: NEON },
  neonStorage: { dollars: 0.35, per: 1, unit: "GB-month in Postgres", source: NEON },
  neonHistory: { dollars: 0.2, per: 1, unit: "GB-month of WAL kept as history", source: NEON },
  neonEgress: { dollars: 0.1, per: 1, unit: "GB out of Postgres", source: NEON },
} as const satisfies Record<string, Price>;

/** What has a price. */
export type Priced = keyof typeof PRICES;

/** All of them, in the order above. */
export const PRICED: readonly Priced[] = Object.keys(PRICES).filter(isPriced);

function isPriced(name: string): name is Priced {
  return Object.hasOwn(PRICES, name);
}

/** Dollars for an amount, in the price's own unit. */
export function costOf(name: Priced, amount: number): number {
  const { dollars, per } = PRICES[name];
  return (amount / per) * dollars;
}
