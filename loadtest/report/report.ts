import type { Run } from "../run.ts";
import type { Block } from "./blocks.ts";
import { chartBlocks } from "./charts.ts";
import { formatCount, formatMs } from "./format.ts";
import { latencyTable, problemTable, stepTable } from "./latency-tables.ts";
import {
  machineBlocks,
  requestCostTable,
  resourceTable,
  statementTable,
} from "./resource-tables.ts";
import { passes, type Verdict, verdictsOf } from "./verdicts.ts";

/** A report: its blocks, and whether the run passed. */
export interface Report {
  readonly title: string;
  readonly blocks: readonly Block[];
  readonly isPassed: boolean;
}

/** Writes up a run. `command` is what made it; `more` goes behind the verdicts. */
export function reportOf(run: Run, command: string, more: readonly Block[] = []): Report {
  const verdicts = verdictsOf(run);
  const isPassed = passes(verdicts);
  const phases = run.scenario.phases
    .filter(({ name }) => run.generator.phases.some((each) => each.name === name))
    .map(({ name, seconds }) => `${name} ${seconds} s`);
  return {
    title: `Load test: ${run.scenario.name}`,
    isPassed,
    blocks: [
      {
        kind: "text",
        text: `${isPassed ? "Passed" : "Not passed"} against the published targets. Made by \`${command}\` at ${new Date(run.generator.startedAtMs).toISOString()}. ${formatCount(run.scenario.players)} players, ${formatCount(run.scenario.preloadedRows)} rows before the start. Phases: ${phases.join(", ")}.`,
      },
      verdictTable(verdicts),
      ...more,
      ...stepTable(run.generator.steps),
      { kind: "heading", text: "Latency" },
      latencyTable(run.generator),
      ...chartBlocks(run),
      { kind: "heading", text: "Failures" },
      ...problemTable(run.generator),
      { kind: "heading", text: "Acknowledged and stored" },
      verificationTable(run),
      { kind: "heading", text: "CPU and memory" },
      resourceTable(run.samples),
      requestCostTable(run),
      { kind: "heading", text: "Statements at the Neon endpoint" },
      statementTable(run.statements),
      ...machineBlocks(run),
    ],
  };
}

function verdictTable(verdicts: readonly Verdict[]): Block {
  return {
    kind: "table",
    head: ["", "published target", "Go system", "this run", "verdict", "our target", "met"],
    rows: verdicts.map((each) => [
      each.name,
      each.published,
      each.go,
      each.measured,
      said(each.meetsPublished, "pass", "fail"),
      each.target,
      said(each.meetsTarget, "yes", "no"),
    ]),
  };
}

function said(value: boolean | null, yes: string, no: string): string {
  if (value === null) return "–";
  return value ? yes : no;
}

function verificationTable({ verification, settledAfterMs, generator }: Run): Block {
  const counted = (count: number) => formatCount(count);
  return {
    kind: "table",
    head: ["", ""],
    rows: [
      ["events acknowledged", counted(verification.acknowledged)],
      ["events applied in Postgres", counted(verification.applied)],
      ["events of unknown outcome", counted(verification.unknown)],
      ["lost / doubled", `${verification.lost} / ${verification.doubled}`],
      ["requests sent again with the same ids", counted(generator.resent)],
      ["claims acknowledged / open", `${verification.claims} / ${verification.openClaims}`],
      ["rewards paid in the ledger", counted(verification.granted)],
      ["claims lost / doubled", `${verification.lostClaims} / ${verification.doubledClaims}`],
      [
        "Postgres complete after the load",
        settledAfterMs === null ? "not within two minutes" : formatMs(settledAfterMs),
      ],
    ],
  };
}
