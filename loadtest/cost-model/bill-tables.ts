import { billPerMillionEvents, historyPerMillionEvents } from "./bill.ts";
import { formatDollars, formatNumber, markdownTable } from "./markdown-table.ts";
import { POSTGRES_ROW } from "./measured.ts";
import { PRICED, PRICES, PRICES_AS_OF } from "./prices.ts";
import { BILL_EVENTS_PER_SECOND, EVENTS_PER_PLAYER, SHAPES, SHARD_COUNTS } from "./shapes.ts";
import { SHIPPED_SHARDS, type Traffic } from "./traffic.ts";
import { ROWS_PER_ACTIVE_PLAYER, usageOf } from "./usage.ts";

/** The traffic of the bill, unless a table varies it. */
const STEADY = {
  eventsPerSecond: BILL_EVENTS_PER_SECOND,
  eventsPerPlayerAndSecond: 1,
  shards: SHIPPED_SHARDS,
} as const;

/** What is counted with. */
export function priceTable(): string {
  const rows = PRICED.map((name) => {
    const { dollars, per, unit, source } = PRICES[name];
    return [`$${dollars}`, per === 1 ? unit : `million ${unit}`, source];
  });
  return markdownTable([`price, ${PRICES_AS_OF}`, "for one", "page"], rows);
}

/** The lines of the bill, at the count of shards that is shipped. */
export function billTable(): string {
  const rows = SHAPES.map(({ name, ...shape }) => {
    const bill = billPerMillionEvents({ ...STEADY, ...shape });
    const { worker, objects, rows: written, postgres, total, logs } = bill;
    return [name, ...[worker, objects, written, postgres, total, logs].map(formatDollars)];
  });
  const head = ["Worker", "objects", "SQLite rows", "Postgres", "**total**", "logs, beside it"];
  return markdownTable(["events per request", ...head], rows);
}

/** Totals by count of shards. */
export function billByShardsTable(): string {
  return byShards((traffic) => formatDollars(billPerMillionEvents(traffic).total));
}

/** Rows written in SQLite for a million events, in millions, by count of shards. */
export function rowsByShardsTable(): string {
  return byShards((traffic) =>
    formatNumber(usageOf(traffic).rowsWritten / traffic.eventsPerSecond),
  );
}

/** What Postgres writes for a million events, by how many of them a player has within a second. */
export function postgresTable(): string {
  const rows = EVENTS_PER_PLAYER.map((eventsPerPlayerAndSecond) => {
    const traffic: Traffic = {
      ...STEADY,
      eventsPerPlayerAndSecond,
      eventsPerRequest: 1,
      playersPerRequest: 1,
    };
    const rowsPerEvent = usageOf(traffic).postgresRows / traffic.eventsPerSecond;
    const gigabytes = (bytesPerRow: number) =>
      `${formatNumber((rowsPerEvent * bytesPerRow) / 1000)} GB`;
    return [
      String(eventsPerPlayerAndSecond),
      formatNumber(traffic.eventsPerSecond / eventsPerPlayerAndSecond),
      `${formatNumber(rowsPerEvent)} million`,
      gigabytes(POSTGRES_ROW.walBytesUpdated),
      gigabytes(POSTGRES_ROW.walBytesAfterCheckpoint),
      ...[1, 7].map((days) => formatDollars(historyPerMillionEvents(traffic, days))),
    ];
  });
  return markdownTable(
    [
      "events per player and second",
      `players at ${formatNumber(BILL_EVENTS_PER_SECOND)} events/s`,
      `rows (${ROWS_PER_ACTIVE_PLAYER} a player)`,
      "WAL",
      "WAL just after a checkpoint, if Neon writes page images",
      "history kept a day",
      "a week",
    ],
    rows,
  );
}

function byShards(cell: (traffic: Traffic) => string): string {
  const rows = SHAPES.map(({ name, ...shape }) => [
    name,
    ...SHARD_COUNTS.map((shards) => cell({ ...STEADY, ...shape, shards })),
  ]);
  const head = SHARD_COUNTS.map((shards) => (shards === 1 ? "1 shard" : `${shards} shards`));
  return markdownTable(["events per request", ...head], rows);
}
