import { INVARIANTS } from "../audit/audit.ts";
import { reportLines as auditLines } from "../audit/report.ts";
import type { OverloadReport } from "./run-overload.ts";

const MEBIBYTE = 1_048_576;
/** What the platform gives an isolate; it is ended when it takes more. Here two shards share one, with the Worker. */
const ISOLATE_BYTES_MAX = 128 * MEBIBYTE;
/**
 * Resident memory that workerd may reach: measured half of it, most of which is not the isolate's but SQLite's caches,
 * buffers, and the local KV and rate limits, of which a deployment has none.
 */
const WORKERD_BYTES_MAX = 1_024 * MEBIBYTE;

const CURVE_POINTS = 12;

/** A promise, whether it was kept, and the figure that says so. */
interface Judgement {
  readonly name: string;
  readonly isKept: boolean;
  readonly figure: string;
}

/** What a run has shown; it is good when every promise was kept. Pure. */
export function judge(report: OverloadReport): Judgement[] {
  const { tally, counts, audit, recoveredAfterMs } = report;
  const findings = audit.broken.reduce((sum, { count }) => sum + count, 0);
  const peak = peakOf(report.samples.map(({ workerdBytes }) => workerdBytes));
  const isolate = peakOf(report.samples.map(({ isolateBytes }) => isolateBytes ?? 0));
  const refusals = `${tally.eventsRefused} events, ${tally.requestsRefused} requests with 503`;
  const reads = `${tally.reads - tally.readsFailed} of ${tally.reads}`;
  return [
    judgement("acknowledged while away", tally.acknowledgedAway > 0, tally.acknowledgedAway),
    judgement("limit met, refused", tally.eventsRefused > 0, refusals),
    judgement("503 without Retry-After", tally.withoutRetryAfter === 0, tally.withoutRetryAfter),
    judgement("unexpected answers", tally.unexpected === 0, tally.unexpected),
    judgement("reads from memory", tally.reads > 0 && tally.readsFailed === 0, reads),
    // 0: this system does not tell, and the coarse bound has to do.
    judgement(
      "memory of the isolate",
      isolate <= ISOLATE_BYTES_MAX,
      bound(isolate, ISOLATE_BYTES_MAX),
    ),
    judgement("memory of workerd", peak <= WORKERD_BYTES_MAX, bound(peak, WORKERD_BYTES_MAX)),
    judgement("recovered after", recoveredAfterMs !== null, recoveredText(recoveredAfterMs)),
    judgement("lost", counts.lost === 0, counts.lost),
    judgement("doubled", counts.doubled === 0, counts.doubled),
    judgement("audit findings", findings === 0, findings),
  ];
}

/** The figures of a run, the curve of memory and backlog, and what was not as it must be. */
export function reportLines(report: OverloadReport): string[] {
  const { options, tally, counts, away } = report;
  const judgements = judge(report);
  const acknowledged = [...tally.acknowledged.values()].reduce((sum, count) => sum + count, 0);
  const rows: (readonly [string, string | number])[] = [
    ["Postgres away", `${((away.toMs - away.fromMs) / 1_000).toFixed(1)} s`],
    ["acknowledged", acknowledged],
    ["applied", counts.applied],
    ["commands", tally.commands],
    ["unanswered", tally.unanswered],
    ...judgements.map(
      ({ name, isKept, figure }) =>
        [name, isKept ? figure : `${figure}   NOT AS IT MUST BE`] as const,
    ),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    ...curveLines(report),
    ...rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`),
    `again: npm run overload -- --seconds ${options.seconds}`,
    ...tally.examples,
    ...auditLines(report.audit, INVARIANTS.length),
  ];
}

/** Some moments of the run: all are too many to look at. */
function curveLines({ samples, away }: OverloadReport): string[] {
  const step = Math.max(1, Math.ceil(samples.length / CURVE_POINTS));
  const shown = samples.filter((_, index) => index % step === 0 || index === samples.length - 1);
  return [
    "second  Postgres  isolate MiB  workerd MiB   journal  dirty  parked",
    ...shown.map(({ atMs, workerdBytes, isolateBytes, shards }) => {
      const isAway = atMs >= away.fromMs && atMs < away.toMs;
      const cells = [
        (atMs / 1_000).toFixed(0).padStart(6),
        (isAway ? "away" : "there").padStart(8),
        String(isolateBytes === null ? "?" : mebibytes(isolateBytes)).padStart(12),
        String(mebibytes(workerdBytes)).padStart(12),
        String(shards?.journalDepth ?? "?").padStart(9),
        String(shards?.dirtyPlayers ?? "?").padStart(6),
        String(shards?.parkedPlayers ?? "?").padStart(7),
      ];
      return cells.join(" ");
    }),
  ];
}

function judgement(name: string, isKept: boolean, figure: string | number): Judgement {
  return { name, isKept, figure: String(figure) };
}

function recoveredText(recoveredAfterMs: number | null): string {
  return recoveredAfterMs === null ? "never" : `${(recoveredAfterMs / 1_000).toFixed(1)} s`;
}

function peakOf(bytes: readonly number[]): number {
  return Math.max(0, ...bytes);
}

function bound(peak: number, maximum: number): string {
  const is = peak === 0 ? "not told here" : `at most ${mebibytes(peak)} MiB`;
  return `${is}, ${mebibytes(maximum)} MiB allowed`;
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / MEBIBYTE);
}
