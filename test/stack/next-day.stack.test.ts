import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { Api } from "./api.ts";
import { startContractStack, type ContractStack } from "./contract-stack.ts";
import { expectBody, expectProblem } from "./expect-answer.ts";
import type { Player } from "./player.ts";
import { claimed } from "./shapes.ts";
import { storedRows } from "./stored.ts";

// A stack of its own: it is stopped, and goes on a day later.
const folder = mkdtempSync(join(tmpdir(), "gauntlet-next-day-"));
const DAY_MS = 86_400_000;

let running: ContractStack;
let api: Api;

/** Who did what on the first day. */
const winner = { userId: "winner" };
const fighter = { userId: "fighter" };
const sleeper = { userId: "sleeper" };
const first = { damageGrant: "", onceGrant: "", winPeriodEnd: "" };

beforeAll(async () => {
  chmodSync(folder, 0o711);
  running = await startContractStack(folder);
  api = new Api(running.access);
  await playFirstDay();
  await running.stack.stop();
  running = await startContractStack(folder, { clockOffsetMs: DAY_MS });
  api = new Api(running.access);
});

afterAll(async () => {
  await running.stack.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function playFirstDay(): Promise<void> {
  const player = await api.player(winner);
  await player.activate("daily/daily-damage", "daily/daily-once", "daily/daily-win");
  await player.activate("daily/daily-saved", "modes/days-score", "ends/ends-goal");
  await player.does({ statCode: "damage", latestValue: 110, inc: 10 });
  await player.does({ statCode: "once", inc: 1 }, { statCode: "wins", inc: 1 });
  await player.does({ statCode: "saved", inc: 1 }, { statCode: "saved", inc: 1 });
  await player.does({ statCode: "score", inc: 1 });
  first.damageGrant = await claim(player, "daily-damage");
  first.onceGrant = await claim(player, "daily-once");
  first.winPeriodEnd = (await player.goal("daily-win"))?.expiresAt ?? "";

  const other = await api.player(fighter);
  await other.activate("daily/daily-damage");
  await other.does({ statCode: "damage", latestValue: 105, inc: 5 });

  const third = await api.player(sleeper);
  await third.activate("daily/daily-once");
  await third.does({ statCode: "once", inc: 1 });
}

async function claim(player: Player, goalId: string): Promise<string> {
  return expectBody(await player.claim(`daily/${goalId}`), 200, claimed).grantId;
}

test("a claimed goal opens again, and is paid again under another grant", async () => {
  const player = await api.player(winner);
  const blank = { status: "not_started", progress: 0, completedAt: null, claimedAt: null };
  expect(await player.goal("daily-damage")).toMatchObject({ ...blank, isActive: true });
  await player.does({ statCode: "damage", latestValue: 115, inc: 5 });
  expect(await player.goal("daily-damage")).toMatchObject({ progress: 5, status: "in_progress" });
  await player.does({ statCode: "damage", latestValue: 120, inc: 5 });
  expect(await claim(player, "daily-damage")).not.toBe(first.damageGrant);
});

test("a goal that can be chosen once stays claimed for good", async () => {
  const player = await api.player(winner);
  await player.does({ statCode: "once", inc: 1 });
  expect(await player.goal("daily-once")).toMatchObject({ status: "claimed", progress: 1 });
  const refused = expectProblem(await player.claim("daily/daily-once"), 409, "ALREADY_CLAIMED");
  expect(refused).toMatchObject({ grantId: first.onceGrant });
});

test("what was completed and not claimed can be claimed late, beside the new period", async () => {
  const player = await api.player(winner);
  const line = await player.goal("daily-win");
  expect(line).toMatchObject({ status: "not_started", progress: 0, completedAt: null });
  const periodEndMs = Date.parse(first.winPeriodEnd);
  expect(Date.parse(line?.lateClaim?.period ?? "")).toBe(periodEndMs - DAY_MS);
  expect(Date.parse(line?.lateClaim?.until ?? "")).toBe(periodEndMs + DAY_MS);

  const late = expectBody(await player.claim("daily/daily-win"), 200, claimed);
  expect(late.period).toBe(line?.lateClaim?.period);
  const after = { status: "not_started", lateClaim: null };
  expect(await player.goal("daily-win")).toMatchObject(after);
  expectProblem(await player.claim("daily/daily-win"), 400, "GOAL_NOT_COMPLETED");

  await player.does({ statCode: "wins", inc: 1 });
  const today = expectBody(await player.claim("daily/daily-win"), 200, claimed);
  expect(Date.parse(today.period ?? "")).toBe(periodEndMs);
  expect(today.grantId).not.toBe(late.grantId);
});

test("progress carries over where it is not reset, and days go on", async () => {
  const player = await api.player(winner);
  expect(await player.goal("daily-saved")).toMatchObject({ progress: 2, status: "in_progress" });
  const saved = { statCode: "saved", inc: 1 };
  await player.does(saved, saved, saved, { statCode: "score", inc: 1 });
  expect(await player.goal("daily-saved")).toMatchObject({ progress: 5, status: "completed" });
  expect(await player.goal("days-score")).toMatchObject({ progress: 2, status: "completed" });
});

test("relative progress starts from yesterday's value", async () => {
  const player = await api.player(fighter);
  expect(await player.goal("daily-damage")).toMatchObject({ progress: 0, status: "not_started" });
  await player.does({ statCode: "damage", latestValue: 108, inc: 3 });
  expect(await player.goal("daily-damage")).toMatchObject({ progress: 3, status: "in_progress" });
});

test("a late claim ends with its grace", async () => {
  const player = await api.player(sleeper);
  const line = await player.goal("daily-once");
  expect(line).toMatchObject({ status: "not_started", lateClaim: null });
  expectProblem(await player.claim("daily/daily-once"), 400, "GOAL_NOT_COMPLETED");
});

test("challenges have begun and ended", async () => {
  const player = await api.player(winner);
  expect(await player.goal("tomorrow-goal")).toMatchObject({ isActive: true });
  await player.does({ statCode: "kills", inc: 1 }, { statCode: "endings", inc: 1 });
  expect(await player.goal("tomorrow-goal")).toMatchObject({ status: "completed" });
  expect(await player.goal("ends-goal")).toMatchObject({ progress: 0, status: "not_started" });
});

test("Postgres has the day too", async () => {
  const rows = async () => {
    const stored = await storedRows(running.access.databaseUrl, fighter.userId);
    return stored.map(({ goalId, progress, eventCount }) => [goalId, progress, eventCount]);
  };
  await expect.poll(rows, { timeout: 5_000 }).toEqual([["daily-damage", 3, 2]]);
});
