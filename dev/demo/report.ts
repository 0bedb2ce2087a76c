import type { Claims } from "./claim-completed.ts";
import type { Comparison } from "./compare.ts";
import type { Sent } from "./send-events.ts";

/** All that the demo found. */
export interface DemoReport {
  readonly sent: Sent;
  readonly resent: number;
  readonly api: Comparison;
  readonly postgres: Comparison;
  readonly claims: Claims;
  readonly grants: number;
  readonly settledAfterMs: number;
}

/** Differences that are named one by one. */
const EXAMPLES_MAX = 10;

/** The table that the demo ends with, and some of the differences, if there are any. */
export function reportLines(report: DemoReport): string[] {
  const { sent, resent, api, postgres, claims, grants, settledAfterMs } = report;
  const seconds = sent.milliseconds / 1000;
  const rate = Math.round(sent.acknowledged.size / seconds);
  const rows: [string, string][] = [
    ["acknowledged", `${sent.acknowledged.size}`],
    ["applied", `${postgres.applied}`],
    ["duplicates", `${sent.duplicates}`],
    ["requests resent", `${resent}`],
    ["lost", `${Math.max(api.lost, postgres.lost)}`],
    ["doubled", `${Math.max(api.doubled, postgres.doubled)}`],
    ["wrong progress", `${api.wrongProgress.length + postgres.wrongProgress.length}`],
    ["claims", `${claims.claimed} (pending ${claims.pending}, paid twice ${claims.paidTwice})`],
    ["grants in Postgres", `${grants}`],
    ["Postgres complete", `${(settledAfterMs / 1000).toFixed(1)} s after the last claim`],
    ["time", `${seconds.toFixed(1)} s`],
    ["events/s", `${rate}`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const table = rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
  const wrong = [...api.wrongProgress, ...postgres.wrongProgress].slice(0, EXAMPLES_MAX);
  return [...table, ...wrong.map((difference) => `wrong: ${difference}`)];
}
