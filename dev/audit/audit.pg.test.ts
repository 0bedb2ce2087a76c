import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { sha256Hex } from "../../src/sha256.ts";
import { aLogin, anEvent, aPlayer, DAY_MS, noon } from "../../test/support/player-builders.ts";
import { freshDatabase, type FreshDatabase } from "../testing/fresh-database.ts";
import { queryDirectly } from "../testing/query-directly.ts";
import { audit, INVARIANTS } from "./audit.ts";
import { AuditedPlayer } from "./audited-player.ts";
import { CATALOG, CATALOG_BY_FORCE, CHALLENGE_ID, GOAL_IDS, openWorld } from "./audited-world.ts";

const EVERYBODY = { namespace: null, userId: null };

let fresh: FreshDatabase;

/**
 * Two days of ada: `login` is claimed, `days` in flight, `daily-win` completed with yesterday's as a late claim,
 * `weekly-saved` completed, `absolute` and `relative` in progress. Bob has one claimed row.
 */
beforeEach(async () => {
  fresh = await freshDatabase();
  const { shard, publish } = await openWorld(fresh);
  await publish("arena", CATALOG, "1");
  const [ada, bob] = ["ada", "bob"].map(
    (userId) => new AuditedPlayer(shard, aPlayer({ userId }), CATALOG),
  );
  if (ada === undefined || bob === undefined) throw new Error("There are two players.");
  const all = { kind: "batch-select", challengeId: CHALLENGE_ID, replaceExisting: false } as const;
  const claim = { kind: "claim", challengeId: CHALLENGE_ID } as const;
  for (const player of [ada, bob]) {
    await player.asks({ ...all, goalIds: GOAL_IDS }, noon);
    await player.plays(aLogin(), noon);
    await player.asks({ ...claim, goalId: "login" }, noon + 1_000);
    await player.isAnswered("granted", noon + 2_000);
  }
  await ada.plays(anEvent({ latestValue: 7, inc: 1 }), noon + 3_000);
  const nextDay = noon + DAY_MS;
  await ada.plays(aLogin(), nextDay);
  await ada.plays(anEvent({ latestValue: 9, inc: 1 }), nextDay);
  await ada.asks({ ...claim, goalId: "days" }, nextDay + 1_000);
});

afterEach(async () => {
  await fresh.drop();
});

const ADA = "namespace = 'arena' AND user_id = 'ada'";

const NO_OPEN_CLAIM = `open_grant_id = NULL, open_period = NULL, open_schedule = NULL, open_completed_at = NULL,
  open_reward_type = NULL, open_reward_id = NULL, open_quantity = NULL, open_round = NULL, open_started_at = NULL, open_until = NULL`;

function ofAda(goalId: string, change: string): string {
  return `UPDATE user_goal_progress SET ${change} WHERE ${ADA} AND goal_id = '${goalId}'`;
}

const PAID_YESTERDAY = sha256Hex(
  JSON.stringify(["arena", "ada", "daily-win", "daily", "2026-03-10T00:00:00.000Z", 0]),
);

/** Each invariant with ways to break it; the goal is the one that the finding must name. */
const PLANTED: readonly (readonly [invariant: string, goal: string, query: string])[] = [
  ["completed-has-instant", "weekly-saved", ofAda("weekly-saved", "completed_at = NULL")],
  ["completed-has-instant", "absolute", ofAda("absolute", "completed_at = now()")],
  ["claimed-has-instant", "login", ofAda("login", "claimed_at = NULL")],
  ["claimed-has-instant", "absolute", ofAda("absolute", "claimed_at = now()")],
  [
    "completed-before-claimed",
    "login",
    ofAda("login", "claimed_at = completed_at - '1s'::interval"),
  ],
  ["not-started-is-empty", "absolute", ofAda("absolute", "status = 'not_started'")],
  ["active-was-assigned", "absolute", ofAda("absolute", "assigned_at = NULL")],
  ["period-has-end", "relative", ofAda("relative", "period_ends_at = NULL")],
  ["period-has-end", "relative", ofAda("relative", "period = 'yesterday'")],
  ["period-has-end", "relative", ofAda("relative", "period = '2026-03-12T00:00:00.000Z'")],
  ["period-has-end", "absolute", ofAda("absolute", "period_ends_at = now()")],
  ["schedule-names-period", "absolute", ofAda("absolute", "schedule = 'daily'")],
  ["schedule-names-period", "daily-win", ofAda("daily-win", "late_period = NULL")],
  ["schedule-names-period", "days", ofAda("days", "open_period = NULL")],
  ["late-claim-is-whole", "daily-win", ofAda("daily-win", "late_reward_id = NULL")],
  ["late-claim-is-whole", "absolute", ofAda("absolute", "late_period = 'yesterday'")],
  ["late-claim-is-whole", "daily-win", ofAda("daily-win", "late_until = late_completed_at")],
  ["open-claim-is-whole", "days", ofAda("days", "open_reward_id = NULL")],
  ["open-claim-is-whole", "absolute", ofAda("absolute", "open_until = now()")],
  ["claims-are-of-this-round", "daily-win", ofAda("daily-win", "late_round = 1")],
  ["claims-are-of-this-round", "days", ofAda("days", "round = 1")],
  ["completion-stands-once", "daily-win", ofAda("daily-win", "late_completed_at = completed_at")],
  ["completion-stands-once", "days", ofAda("days", "status = 'claimed', claimed_at = now()")],
  ["amounts-are-finite", "absolute", ofAda("absolute", "progress = 'NaN'")],
  ["amounts-are-finite", "absolute", ofAda("absolute", "raw = 'Infinity'")],
  ["amounts-are-finite", "absolute", ofAda("absolute", "progress = -1")],
  ["progress-has-events", "absolute", ofAda("absolute", "event_count = 0")],
  ["count-within-events", "weekly-saved", ofAda("weekly-saved", "progress = 3")],
  ["count-within-events", "days", ofAda("days", "progress = 3")],
  ["absolute-is-raw", "absolute", ofAda("absolute", "progress = 3")],
  ["relative-is-beyond-baseline", "relative", ofAda("relative", "progress = 9")],
  ["claimed-was-granted", "login", `DELETE FROM reward_grant WHERE ${ADA} AND state = 'granted'`],
  [
    "claimed-was-granted",
    "daily-win",
    ofAda("daily-win", "status = 'claimed', claimed_at = now()"),
  ],
  ["granted-is-claimed", "login", ofAda("login", "status = 'completed', claimed_at = NULL")],
  [
    "granted-is-claimed",
    "login",
    ofAda("login", "status = 'in_progress', claimed_at = NULL, completed_at = NULL"),
  ],
  [
    "late-claim-is-unpaid",
    "daily-win",
    `INSERT INTO reward_grant SELECT '${PAID_YESTERDAY}', namespace, user_id, challenge_id, goal_id, late_period, 'ITEM', 'x',
       1, shard, 'granted', 1, NULL, NULL, late_completed_at, late_completed_at
     FROM user_goal_progress WHERE ${ADA} AND goal_id = 'daily-win'`,
  ],
  ["open-claim-has-line", "days", `DELETE FROM reward_grant WHERE state = 'pending'`],
  [
    "open-claim-has-line",
    "days",
    `UPDATE reward_grant SET state = 'rejected' WHERE state = 'pending'`,
  ],
  ["unsettled-has-open-claim", "days", ofAda("days", NO_OPEN_CLAIM)],
  ["parked-is-marked", "days", ofAda("days", "open_parked = true")],
  ["parked-is-marked", "days", `UPDATE reward_grant SET state = 'parked' WHERE state = 'pending'`],
  ["granted-has-instant", "login", `UPDATE reward_grant SET granted_at = NULL WHERE ${ADA}`],
  ["line-is-payable", "login", `UPDATE reward_grant SET quantity = 0 WHERE ${ADA}`],
  [
    "grant-id-is-its-completion",
    "login",
    `UPDATE reward_grant SET grant_id = 'other' WHERE ${ADA} AND goal_id = 'login'`,
  ],
  ["fence-is-in-order", "", "UPDATE shard_fence SET upto = high + 1"],
  ["row-is-below-fence", "absolute", ofAda("absolute", "applied = 1000000")],
  ["row-is-below-fence", "absolute", "DELETE FROM shard_fence"],
  ["line-has-shard", "login", `UPDATE reward_grant SET shard = 'g9-1-0' WHERE ${ADA}`],
  [
    "dead-letter-is-below-fence",
    "",
    `INSERT INTO dead_letter (shard, namespace, user_id, applied, payload, error)
     VALUES ('g1-1-0', 'arena', 'ada', 1000000, '', 'poison')`,
  ],
];

describe("a database as the shards write it", () => {
  test("is clean, and it is said how much was looked at", async () => {
    const { broken, counts } = await audit(fresh.url, EVERYBODY);
    expect(broken).toEqual([]);
    expect(counts).toEqual({
      rows: 14,
      players: 2,
      "ledger lines": 3,
      "of them unsettled": 1,
      shards: 1,
      "dead letters": 0,
      "open dead letters": 0,
      "goals of one mode": 7,
    });
  });

  test.each(PLANTED)(
    "with a breach of %s (%s) is not, and the place is named",
    async (...planted) => {
      const [name, goalId, query] = planted;
      await queryDirectly(fresh.url, query);
      const { broken } = await audit(fresh.url, EVERYBODY);
      const found = broken.find(({ invariant }) => invariant.name === name);
      const places = found?.findings.map(({ place }) => place) ?? [];
      // A fence and a dead letter are no goal's: then whatever place.
      const expected = goalId === "" ? places[0] : `arena player "ada" goal "${goalId}"`;
      expect(places, JSON.stringify(broken)).toContainEqual(expected);
      expect(found?.count).toBe(places.length);
    },
  );

  test("was looked at by every invariant, and each was seen broken", () => {
    const names = INVARIANTS.map(({ name }) => name);
    expect(new Set(PLANTED.map(([name]) => name))).toEqual(new Set(names));
    expect(new Set(names).size).toBe(names.length);
  });
});

test("a player with a dead letter may have been paid for what no row shows", async () => {
  await queryDirectly(fresh.url, ofAda("login", "status = 'completed', claimed_at = NULL"));
  expect((await audit(fresh.url, EVERYBODY)).broken).toHaveLength(1);
  await queryDirectly(
    fresh.url,
    `INSERT INTO dead_letter (shard, namespace, user_id, applied, payload, error)
     VALUES ('g1-1-0', 'arena', 'ada', 1, '', 'poison')`,
  );
  const { broken, counts } = await audit(fresh.url, EVERYBODY);
  expect(broken).toEqual([]);
  expect(counts["open dead letters"]).toBe(1);
});

test("a row that was never assigned is younger than a claim from before an erasure", async () => {
  const asAfterErasure = (assignedAt: string) =>
    ofAda(
      "days",
      `${NO_OPEN_CLAIM}, status = 'not_started', is_active = false, progress = 0, raw = NULL, event_count = 0,
       completed_at = NULL, last_event_at = NULL, last_day = NULL, assigned_at = ${assignedAt}`,
    );
  await queryDirectly(fresh.url, asAfterErasure("NULL"));
  expect((await audit(fresh.url, EVERYBODY)).broken).toEqual([]);
  await queryDirectly(fresh.url, asAfterErasure("'2026-01-01T00:00:00Z'"));
  const { broken } = await audit(fresh.url, EVERYBODY);
  expect(broken.map(({ invariant }) => invariant.name)).toEqual(["unsettled-has-open-claim"]);
});

test("only what was asked for is looked at: a player, a namespace", async () => {
  await queryDirectly(fresh.url, ofAda("absolute", "assigned_at = NULL"));
  const names = async (scope: Parameters<typeof audit>[1]) =>
    (await audit(fresh.url, scope)).broken.map(({ invariant }) => invariant.name);
  expect(await names({ namespace: "arena", userId: "ada" })).toEqual(["active-was-assigned"]);
  expect(await names({ namespace: null, userId: "ada" })).toEqual(["active-was-assigned"]);
  expect(await names({ namespace: "arena", userId: "bob" })).toEqual([]);
  expect(await names({ namespace: "elsewhere", userId: null })).toEqual([]);
});

test("a goal whose mode was changed by force is not held to either mode", async () => {
  const { publish } = await openWorld(fresh);
  await publish("arena", CATALOG_BY_FORCE, "2");
  await queryDirectly(fresh.url, ofAda("absolute", "progress = 3"));
  const { broken, counts } = await audit(fresh.url, EVERYBODY);
  expect(broken).toEqual([]);
  expect(counts["goals of one mode"]).toBe(4);
});
