import { billPerMillionEvents, computeUnits, SECONDS_PER_MONTH } from "./bill.ts";
import { type Deployment, deploymentFor, loadsOf, tightestOf } from "./capacity.ts";
import { formatDollars, formatNumber, markdownTable } from "./markdown-table.ts";
import { RATES, SHAPES } from "./shapes.ts";
import { arrivalsOf, SHIPPED_SHARDS } from "./traffic.ts";
import { usageOf } from "./usage.ts";

/** Which of all loads is the largest, at the count of shards that is shipped. */
export function firstLimitTable(): string {
  const rows = SHAPES.map(({ name, ...shape }) => [
    name,
    ...RATES.map((eventsPerSecond) => {
      const spread = { eventsPerSecond, eventsPerPlayerAndSecond: 1, shards: SHIPPED_SHARDS };
      const { shard, database } = loadsOf({ ...shape, ...spread });
      const { name: load, share } = tightestOf([...shard, ...database]);
      const text = `${load} ${formatNumber(share * 100)} %`;
      return share > 1 ? `**${text}**` : text;
    }),
  ]);
  const head = RATES.map((rate) => `${formatNumber(rate)} events/s`);
  return markdownTable(["events per request", ...head], rows);
}

/** The fewest shards for each rate and shape, and what else that means. */
export function deploymentTable(): string {
  const rows = RATES.flatMap((eventsPerSecond) =>
    SHAPES.map(({ name, ...shape }) => {
      const deployment = deploymentFor({ ...shape, eventsPerSecond, eventsPerPlayerAndSecond: 1 });
      const cells = deployment === null ? ["more than 4,096"] : cellsOf(deployment);
      return [formatNumber(eventsPerSecond), name, ...cells];
    }),
  );
  return markdownTable(
    [
      "events/s",
      "events per request",
      "shards",
      "tightest",
      "calls/s each",
      "Neon CU",
      "databases",
      "Postgres may be away",
      "ids known for",
      "a million events",
      "a month of it",
    ],
    rows,
  );
}

function cellsOf({ traffic, databases, tightest, ...windows }: Deployment): string[] {
  const { total } = billPerMillionEvents(traffic);
  const eventsPerMonth = traffic.eventsPerSecond * SECONDS_PER_MONTH;
  return [
    formatNumber(traffic.shards),
    `${tightest.name} ${formatNumber(tightest.share * 100)} %`,
    formatNumber(arrivalsOf(traffic).callsPerShardAndSecond),
    formatNumber(computeUnits(usageOf(traffic))),
    formatNumber(databases),
    `${formatNumber(windows.outageSeconds)} s`,
    `${formatNumber(windows.dedupSeconds)} s`,
    formatDollars(total),
    formatDollars((total * eventsPerMonth) / 1_000_000),
  ];
}
