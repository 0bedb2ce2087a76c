import type { ChaosReport } from "./run-chaos.ts";

/** Differences that are told one by one. */
const EXAMPLES_MAX = 20;

/** What a run must not have. */
export interface Verdict {
  readonly lost: number;
  readonly doubled: number;
  readonly staleReads: number;
  readonly doubleGrants: number;
  readonly wrongProgress: number;
  /** Answers that no promise allows, and shards that did not come to rest. */
  readonly other: number;
}

/** Sums up what is bad about a run; all zero: every promise was kept. Pure. */
export function verdictOf({ findings, postgres, api, restless }: ChaosReport): Verdict {
  return {
    lost: postgres.lost,
    doubled: Math.max(postgres.doubled, findings.acceptedTwice),
    staleReads: findings.staleReads,
    doubleGrants: postgres.doubleGrants + findings.doubleGrants,
    wrongProgress: postgres.wrong.length + api.length,
    other: findings.unexpected + (restless === null ? 0 : 1),
  };
}

/** Whether every promise was kept, and the run has shown anything: without load or blows it has not. */
export function isKept(report: ChaosReport): boolean {
  const isClean = Object.values(verdictOf(report)).every((count) => count === 0);
  return isClean && report.findings.acknowledged > 0 && report.damage.kills > 0;
}

/** The table that a run ends with, and some of the differences, if there are any. */
export function reportLines(report: ChaosReport): string[] {
  const { options, findings, postgres, damage, faults, api, restless } = report;
  const verdict = verdictOf(report);
  const { delay: _delay, weakened = 0, ...faulty } = faults.injected;
  const [calls, faultyCalls] = [sumOf(faults.calls), sumOf(faulty)];
  const rows: (readonly [string, string | number])[] = [
    ["seed", options.seed],
    ...(options.control === null
      ? []
      : ([["control", `${options.control}: ${weakened} flushes altered`]] as const)),
    ["acknowledged", findings.acknowledged],
    ["applied", postgres.applied],
    ["lost", verdict.lost],
    ["doubled", verdict.doubled],
    ["wrong progress", verdict.wrongProgress],
    ["stale reads", `${verdict.staleReads} of ${findings.reads}`],
    ["grants", `${postgres.grants} for ${findings.claims} claims`],
    ["double grants", verdict.doubleGrants],
    ["duplicates refused", findings.duplicates],
    ["switches", findings.switches],
    ["requests unanswered", report.unanswered],
    ["kills of workerd", damage.kills],
    ["Postgres away", `${(damage.postgresAwayMs / 1_000).toFixed(1)} s`],
    ["database calls", `${calls} (${counts(faults.calls)})`],
    ["faulty", `${faultyCalls} (${percent(faultyCalls, calls)})`],
    ...Object.entries(faulty)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([kind, count]) => [`  ${kind}`, count] as const),
    ["at rest after", `${(report.settledAfterMs / 1_000).toFixed(1)} s`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const problems = [
    ...(restless === null ? [] : [`not at rest: ${restless}`]),
    ...findings.examples,
    ...[...postgres.wrong, ...api].slice(0, EXAMPLES_MAX),
  ];
  return [...rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`), ...problems];
}

function sumOf(counted: Readonly<Record<string, number>>): number {
  return Object.values(counted).reduce((sum, count) => sum + count, 0);
}

function counts(counted: Readonly<Record<string, number>>): string {
  return Object.entries(counted)
    .map(([kind, count]) => `${kind} ${count}`)
    .join(", ");
}

function percent(part: number, whole: number): string {
  return `${whole === 0 ? 0 : Math.round((100 * part) / whole)} %`;
}
