import type { EndpointResult, GeneratorResult } from "../generator/plan.ts";
import { Histogram } from "../measure/histogram.ts";
import type { Machine } from "../measure/machine.ts";
import type { Run } from "../run.ts";
import type { Verification } from "../verify/compare.ts";

/** An endpoint of the phase "mix" with these latencies and no failure; for tests. */
export function anEndpoint(endpoint: string, latenciesMs: readonly number[]): EndpointResult {
  const histogram = new Histogram();
  for (const latency of latenciesMs) histogram.add(latency);
  return { phase: "mix", endpoint, latency: histogram.data(), failures: 0, bytes: 100 };
}

/** A run in which nothing went wrong; for tests. */
export function aRun(
  generator: Partial<GeneratorResult> = {},
  verification: Partial<Verification> = {},
): Run {
  const phases = [{ name: "mix", seconds: 60, streams: [] }];
  const idle = { cores: 0.5, residentBytes: 50_000_000 };
  const shards = { journalDepth: 5, lagMs: 900, dirtyPlayers: 4, parkedPlayers: 0, lastErrors: [] };
  return {
    scenario: { name: "combined", players: 10, phases, preloadedRows: 0 },
    generator: {
      name: "our own",
      startedAtMs: 0,
      phases: [{ name: "mix", startsAtMs: 0, endsAtMs: 60_000 }],
      endpoints: [],
      windows: [],
      windowSeconds: 5,
      perSecond: [{ requests: 10, events: 20 }],
      problems: [],
      steps: [],
      tally: { acknowledged: [], unknown: [], claimed: [], openClaims: [], activations: [] },
      lateness: anEndpoint("", [0.5]).latency,
      connectionsMax: 10,
      skipped: [],
      resent: 0,
      ...generator,
    },
    samples: [
      {
        atMs: 1_000,
        shards,
        usage: {
          workerd: idle,
          Postgres: idle,
          "Neon endpoint": idle,
          generator: idle,
          runner: idle,
          others: idle,
        },
      },
    ],
    statements: [{ kind: "flush", duration: anEndpoint("", [12]).latency }],
    settledAfterMs: 900,
    verification: { ...AGREED, ...verification },
    machine: MACHINE,
    shards: 2,
    lags: [{ atMs: 2_000, lagMs: 950 }],
    profiles: [],
  };
}

const AGREED: Verification = {
  acknowledged: 100,
  applied: 100,
  lost: 0,
  doubled: 0,
  unknown: 0,
  claims: 1,
  openClaims: 0,
  granted: 1,
  lostClaims: 0,
  doubledClaims: 0,
  wrongActivations: 0,
};

const MACHINE: Machine = {
  cores: 2,
  cpu: "a test's processor",
  memoryGib: 24,
  system: "Linux",
  loadAverage: 0.1,
  fsyncP50Ms: 1,
  fsyncP95Ms: 2,
  versions: { node: "v24" },
};
