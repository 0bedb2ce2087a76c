import { join } from "node:path";

import { expect, test } from "vitest";

import { temporaryFolder } from "../dev/testing/temporary-folder.ts";
import { ownGenerator } from "./generate.ts";
import { runScenario } from "./run.ts";

test("a short run on the production bundle reaches every endpoint, and Postgres holds what was acknowledged", async () => {
  const scenario = {
    name: "short",
    players: 40,
    preloadedRows: 0,
    phases: [
      {
        name: "mix",
        seconds: 4,
        streams: [
          { action: "initialize-next", perSecond: 15 },
          { action: "challenges", perSecond: 5 },
          { action: "challenges-active", perSecond: 5 },
          { action: "challenges-conditional", perSecond: 5 },
          { action: "set-active", perSecond: 5 },
          { action: "claim", perSecond: 5 },
          { action: "events", perSecond: 20 },
          { action: "events", perSecond: 5, batch: 10 },
          { action: "visibility", perSecond: 2 },
        ],
      },
    ],
  } as const;
  const run = await runScenario({
    scenario,
    generate: ownGenerator,
    folder: join(temporaryFolder(), "state"),
    shards: 1,
    isProfiled: false,
    log: () => {},
    signal: new AbortController().signal,
  });
  expect(run.generator.problems).toEqual([]);
  expect(new Set(run.generator.endpoints.map(({ endpoint }) => endpoint))).toEqual(
    new Set([
      "initialise, new player",
      "initialise, returning",
      "challenges, full",
      "challenges, active only",
      "challenges, not modified",
      "set active",
      "claim",
      "event",
      "events, 10 at once",
      "progress",
    ]),
  );
  expect(run.verification).toMatchObject({
    acknowledged: 280,
    applied: 280,
    lost: 0,
    doubled: 0,
    lostClaims: 0,
    doubledClaims: 0,
    wrongActivations: 0,
  });
  expect(run.verification.claims).toBeGreaterThan(5);
  expect(run.settledAfterMs).not.toBeNull();
  expect(run.statements.map(({ kind }) => kind)).toContain("flush");
  expect(run.samples.some(({ usage }) => usage.workerd.residentBytes > 0)).toBe(true);
  expect(run.samples.some(({ usage }) => usage.Postgres.residentBytes > 0)).toBe(true);
}, 60_000);
