import { INVARIANTS } from "../audit/audit.ts";
import { reportLines as auditLines } from "../audit/report.ts";
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
  /** Rows in Postgres that break an invariant. */
  readonly auditFindings: number;
  /** Answers that no promise allows, and shards that did not come to rest. */
  readonly other: number;
}

/** Sums up what is bad about a run; all zero: every promise was kept. Pure. */
export function verdictOf(report: ChaosReport): Verdict {
  const { findings, postgres, grants, audit, api, restless } = report;
  return {
    lost: postgres.lost,
    doubled: Math.max(postgres.doubled, findings.acceptedTwice),
    staleReads: findings.staleReads,
    doubleGrants: grants.double.length + findings.doubleGrants,
    wrongProgress: postgres.wrong.length + api.length,
    auditFindings: audit.broken.reduce((sum, { count }) => sum + count, 0),
    other: findings.unexpected + (restless === null ? 0 : 1),
  };
}

/** Whether every promise was kept, and the run has shown anything: without load or blows it has not. */
export function isKept(report: ChaosReport): boolean {
  const isClean = Object.values(verdictOf(report)).every((count) => count === 0);
  return isClean && report.findings.acknowledged > 0 && report.damage.kills > 0;
}

/** The table that a run ends with, how to repeat it, and some of the differences, if there are any. */
export function reportLines(report: ChaosReport): string[] {
  const rows = [...foundRows(report), ...damageRows(report)];
  const width = Math.max(...rows.map(([name]) => name.length));
  const table = rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
  const { restless, findings, postgres, api, grants, audit, options } = report;
  return [
    ...table,
    `again: ${commandOf(options)}`,
    ...(restless === null ? [] : [`not at rest: ${restless}`]),
    ...findings.examples,
    ...grants.double.slice(0, EXAMPLES_MAX),
    ...[...postgres.wrong, ...api].slice(0, EXAMPLES_MAX),
    ...auditLines(audit, INVARIANTS.length),
  ];
}

type Row = readonly [string, string | number];

function foundRows(report: ChaosReport): Row[] {
  const { findings, postgres, grants } = report;
  const verdict = verdictOf(report);
  return [
    ["acknowledged", findings.acknowledged],
    ["applied", postgres.applied],
    ["lost", verdict.lost],
    ["doubled", verdict.doubled],
    ["stale reads", `${verdict.staleReads} of ${findings.reads}`],
    ["wrong progress", verdict.wrongProgress],
    ["grants", `${grants.grants} for ${findings.claims} claims, ${grants.credits} credits`],
    ["double grants", verdict.doubleGrants],
    ["audit findings", verdict.auditFindings],
    ["otherwise wrong", verdict.other],
    ["duplicates refused", findings.duplicates],
    ["switches", findings.switches],
    [
      "claims refused",
      `${findings.refusals}, repaired ${findings.repaired}, parked ${findings.parked}`,
    ],
  ];
}

function damageRows(report: ChaosReport): Row[] {
  const { options, damage, faults, deliveries } = report;
  const { delay: _delay, weakened = 0, ...faulty } = faults.injected;
  const [calls, faultyCalls] = [sumOf(faults.calls), sumOf(faulty)];
  const fates = countsOf(deliveries);
  const { fine = 0, repeat = 0, ...badFates } = fates;
  return [
    ["requests unanswered", report.unanswered],
    ["kills", `workerd ${damage.kills}, reward service ${damage.rewardKills}`],
    ["Postgres away", `${(damage.postgresAwayMs / 1_000).toFixed(1)} s`],
    ["database calls", `${calls} (${counts(faults.calls)})`],
    ["faulty", `${faultyCalls} (${percent(faultyCalls, calls)})`],
    ...sorted(faulty),
    ["reward deliveries", `${deliveries.length} (fine ${fine}, repeat ${repeat})`],
    ["faulty", `${sumOf(badFates)} (${percent(sumOf(badFates), deliveries.length)})`],
    ...sorted(badFates),
    ...(options.control === null
      ? []
      : [["control", `${options.control}, ${weakened} flushes altered`] as const]),
    ["at rest after", `${(report.settledAfterMs / 1_000).toFixed(1)} s`],
  ];
}

function commandOf({ seconds, seed, control }: ChaosReport["options"]): string {
  const options = `--seconds ${seconds} --seed ${seed}`;
  return `npm run chaos -- ${options}${control === null ? "" : ` --control ${control}`}`;
}

function sorted(counted: Readonly<Record<string, number>>): Row[] {
  return Object.entries(counted)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, count]) => [`  ${kind}`, count] as const);
}

function countsOf(kinds: readonly string[]): Record<string, number> {
  const counted: Record<string, number> = {};
  for (const kind of kinds) counted[kind] = (counted[kind] ?? 0) + 1;
  return counted;
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
