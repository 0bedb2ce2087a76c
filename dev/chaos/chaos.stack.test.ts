import { expect, test } from "vitest";

import { reportLines, verdictOf } from "./report.ts";
import { runChaos } from "./run-chaos.ts";

/** Start, load, rest and a last restart together take about three times the load's seconds. */
const TIMEOUT_MS = 180_000;

test(
  "ten seconds of faults, kills and no Postgres lose nothing, double nothing, pay nothing twice and show nothing stale",
  { timeout: TIMEOUT_MS },
  async () => {
    const options = { seconds: 10, seed: 1, control: null };
    const report = await runChaos(options, () => undefined, new AbortController().signal);
    console.info(reportLines(report).join("\n"));
    expect(verdictOf(report)).toEqual({
      lost: 0,
      doubled: 0,
      staleReads: 0,
      doubleGrants: 0,
      wrongProgress: 0,
      auditFindings: 0,
      other: 0,
    });
    const { findings, damage, faults } = report;
    expect(findings.acknowledged).toBeGreaterThan(100);
    expect(damage.kills).toBeGreaterThan(1);
    expect(damage.rewardKills).toBe(1);
    expect(report.grants.credits).toBeGreaterThan(0);
    expect(damage.postgresAwayMs).toBeGreaterThan(3_000);
    expect(Object.keys(faults.injected)).toEqual(
      expect.arrayContaining(["drop-answer", "commit-then-400", "late", "replay", "reset"]),
    );
  },
);
