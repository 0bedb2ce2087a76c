import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";

import { aLogin, anEvent, aPlayer, DAY_MS, noon } from "../../test/support/player-builders.ts";
import { freshDatabase, type FreshDatabase } from "../testing/fresh-database.ts";
import { audit } from "./audit.ts";
import { AuditedPlayer } from "./audited-player.ts";
import {
  CATALOG,
  CATALOG_BY_FORCE,
  CATALOG_RESCHEDULED,
  CHALLENGE_ID,
  GOAL_IDS,
  openWorld,
} from "./audited-world.ts";

/** AUDIT_RUNS asks for more. */
const RUNS = Number(process.env["AUDIT_RUNS"] ?? 25);

let fresh: FreshDatabase;

beforeAll(async () => {
  fresh = await freshDatabase();
});

afterAll(async () => {
  await fresh.drop();
});

const challengeId = fc.constant(CHALLENGE_ID);
const goalId = fc.constantFrom(...GOAL_IDS);
const anyEvent = fc
  .record({ latestValue: fc.option(fc.nat({ max: 30 })), inc: fc.nat({ max: 9 }) })
  .map(anEvent);

const anyAct = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant("plays" as const), event: anyEvent }),
  },
  { weight: 3, arbitrary: fc.constant({ kind: "plays" as const, event: aLogin() }) },
  { weight: 1, arbitrary: fc.constant({ kind: "initialize" as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("activate" as const),
      challengeId,
      goalId,
      isActive: fc.boolean(),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({ kind: fc.constant("claim" as const), challengeId, goalId }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("answered" as const),
      outcome: fc.constantFrom("granted" as const, "granted" as const, "rejected" as const),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "reset" as const, goalId: null }) },
  { weight: 1, arbitrary: fc.constant({ kind: "erase" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "force" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "select" as const }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("reschedule" as const), isBack: fc.boolean() }),
  },
);
type Act = typeof anyAct extends fc.Arbitrary<infer Each> ? Each : never;

const ALL_GOALS = {
  kind: "batch-select",
  challengeId: CHALLENGE_ID,
  goalIds: GOAL_IDS,
  replaceExisting: false,
} as const;

async function perform(player: AuditedPlayer, act: Act, at: number): Promise<void> {
  if (act.kind === "plays") await player.plays(act.event, at);
  else if (act.kind === "answered") await player.isAnswered(act.outcome, at);
  else if (act.kind === "force") player.catalog = CATALOG_BY_FORCE;
  else if (act.kind === "reschedule") player.catalog = act.isBack ? CATALOG : CATALOG_RESCHEDULED;
  else if (act.kind === "select") await player.asks(ALL_GOALS, at);
  else await player.asks(act, at);
}

test("what the rules and the store write of whatever players do, over days, is clean", async () => {
  const { shard, publish } = await openWorld(fresh);
  let players = 0;
  const gapMs = fc.constantFrom(1, 1_000, DAY_MS / 5);
  const days = fc.array(fc.tuple(gapMs, anyAct), { minLength: 25, maxLength: 50 });
  const property = fc.asyncProperty(days, async (acts) => {
    const key = aPlayer({ namespace: `arena-${++players}`, userId: `a"b\\c ☃ ${players}` });
    const player = new AuditedPlayer(shard, key, CATALOG);
    await publish(key.namespace, CATALOG, "1");
    if (acts.some(([, { kind }]) => kind === "force")) {
      await publish(key.namespace, CATALOG_BY_FORCE, "2");
    }
    let at = noon;
    await player.asks(ALL_GOALS, at);
    for (const [gap, act] of acts) await perform(player, act, (at += gap));
    expect((await audit(fresh.url, { ...key })).broken).toEqual([]);
  });
  await fc.assert(property, { numRuns: RUNS });
  const { broken, counts } = await audit(fresh.url, { namespace: null, userId: null });
  expect(broken).toEqual([]);
  expect(counts).toMatchObject({ players: expect.any(Number), shards: 1, "dead letters": 0 });
  expect(counts["ledger lines"]).toBeGreaterThan(RUNS);
}, 600_000);
