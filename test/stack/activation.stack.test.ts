import { describe, expect, test } from "vitest";

import { sharedApi } from "./api.ts";
import { expectBody, expectProblem } from "./expect-answer.ts";
import type { Player } from "./player.ts";
import { activated, initialized } from "./shapes.ts";

const api = sharedApi();

const HOUR_MS = 3_600_000;

async function initialize(player: Player) {
  return expectBody(await player.initialize(), 200, initialized);
}

describe("POST initialize", () => {
  test("assigns the default goals of what is open now, once", async () => {
    const player = await api.player();
    const first = await initialize(player);
    expect(first.newAssignments).toBe(2);
    expect(first.totalActive).toBe(first.assignedGoals.length);
    expect(first.assignedGoals[0]).toEqual({
      challengeId: "defaults",
      goalId: "default-kills",
      name: "Goal default-kills",
      description: "",
      isActive: true,
      assignedAt: expect.any(String),
      expiresAt: null,
      progress: 0,
      target: 10,
      status: "not_started",
      requirement: { statCode: "kills", operator: ">=", targetValue: 10, progressMode: "absolute" },
      reward: { type: "WALLET", rewardId: "GOLD", quantity: 100 },
    });
    const again = await initialize(player);
    expect(again).toEqual({ ...first, newAssignments: 0 });
    const ids = first.assignedGoals.map(({ goalId }) => goalId);
    expect(ids).not.toContain("tomorrow-goal");
    expect(ids).not.toContain("long-over-goal");
  });

  test("lists all that is active, with what has been reached", async () => {
    const player = await api.player();
    await player.activate("modes/count-score");
    await player.does({ statCode: "score", inc: 1 });
    const { assignedGoals, newAssignments } = await initialize(player);
    expect(newAssignments).toBe(2);
    const found = assignedGoals.find(({ goalId }) => goalId === "count-score");
    expect(found).toMatchObject({ progress: 1, target: 3, status: "in_progress" });
  });

  test("creates each row once, however many calls come at once", async () => {
    const player = await api.player();
    const answers = await Promise.all(Array.from({ length: 10 }, () => initialize(player)));
    const created = answers.map(({ newAssignments }) => newAssignments);
    expect(created.reduce((sum, count) => sum + count, 0)).toBe(2);
  });

  test("leaves what the player has switched off, and does not look at a body", async () => {
    const player = await api.player();
    await player.setActive("defaults/default-kills", false);
    const answer = await player.send("POST", "/v1/challenges/initialize", { body: "no json" });
    const { assignedGoals, newAssignments } = expectBody(answer, 200, initialized);
    expect(newAssignments).toBe(1);
    expect(assignedGoals.map(({ goalId }) => goalId)).not.toContain("default-kills");
  });
});

describe("a default goal", () => {
  test("counts before initialize, and keeps the instant at which it was assigned", async () => {
    const player = await api.player();
    await player.does({ statCode: "kills", latestValue: 4 });
    const line = await player.goal("default-kills");
    expect(line).toMatchObject({ progress: 4, status: "in_progress", isActive: true });
    expect(line?.assignedAt).not.toBeNull();
    const { assignedGoals, newAssignments } = await initialize(player);
    expect(newAssignments).toBe(1);
    const assigned = assignedGoals.find(({ goalId }) => goalId === "default-kills");
    expect(assigned).toMatchObject({ progress: 4, assignedAt: line?.assignedAt });
  });

  test("of a challenge that has not begun, or is over, does not move", async () => {
    const player = await api.player();
    const hidden = new Set(["tomorrow-goal", "long-over-goal"]);
    await player.does({ statCode: "kills", inc: 1 }, { statCode: "over", inc: 1 });
    const lines = await player.progress();
    expect(lines.filter(({ goalId }) => hidden.has(goalId))).toEqual([]);
    expect(await player.goal("just-over-goal")).toMatchObject({ progress: 0 });
    const during = new Date(Date.now() - 2 * HOUR_MS).toISOString();
    await player.does({ statCode: "over", latestValue: 3, timestamp: during });
    expect(await player.goal("just-over-goal")).toMatchObject({ progress: 3 });
    const before = new Date(Date.now() - 72 * HOUR_MS).toISOString();
    await player.does({ statCode: "over", latestValue: 5, timestamp: before });
    expect(await player.goal("just-over-goal")).toMatchObject({ progress: 3 });
  });
});

describe("PUT active", () => {
  test("switches a goal on and off, keeping what was reached and when it was assigned", async () => {
    const player = await api.player();
    const path = "modes/count-score" as const;
    const on = expectBody(await player.setActive(path, true), 200, activated);
    expect(on).toMatchObject({ challengeId: "modes", goalId: "count-score", isActive: true });
    expect(on.assignedAt).not.toBeNull();
    await player.does({ statCode: "score", inc: 1 });
    const off = expectBody(await player.setActive(path, false), 200, activated);
    expect(off).toMatchObject({ isActive: false, assignedAt: on.assignedAt });
    await player.does({ statCode: "score", inc: 1 });
    const stopped = { progress: 1, status: "in_progress", assignedAt: on.assignedAt };
    expect(await player.goal("count-score")).toMatchObject({ ...stopped, isActive: false });
    expect((await player.setActive(path, true)).status).toBe(200);
    await player.does({ statCode: "score", inc: 1 });
    expect(await player.goal("count-score")).toMatchObject({ progress: 2, isActive: true });
  });

  test("does nothing when nothing changes", async () => {
    const player = await api.player();
    const path = "modes/count-score" as const;
    const on = expectBody(await player.setActive(path, true), 200, activated);
    expect(expectBody(await player.setActive(path, true), 200, activated)).toEqual(on);
    const never = expectBody(await player.setActive("ends/ends-goal", false), 200, activated);
    expect(never).toMatchObject({ isActive: false, assignedAt: null });
    expect(await player.goal("ends-goal")).toBeNull();
  });

  test("switches off a default goal that has no row yet", async () => {
    const player = await api.player();
    await player.setActive("defaults/default-kills", false);
    await player.does({ statCode: "kills", inc: 1 });
    const line = await player.goal("default-kills");
    expect(line).toMatchObject({ isActive: false, progress: 0, status: "not_started" });
  });

  test("keeps a completed goal completed", async () => {
    const player = await api.player();
    await player.does({ statCode: "kills", latestValue: 12 });
    await player.setActive("defaults/default-kills", false);
    const line = await player.goal("default-kills");
    expect(line).toMatchObject({ isActive: false, progress: 12, status: "completed" });
  });

  test("takes ids with any characters", async () => {
    const player = await api.player();
    await player.activate(["über/challenge ☃", "goal 1/2 é"]);
    await player.does({ statCode: "odd stat ☃", inc: 1 });
    expect(await player.goal("goal 1/2 é")).toMatchObject({ progress: 1, status: "completed" });
  });

  test("knows what does not exist for players now", async () => {
    const player = await api.player();
    const missing = [
      ["nowhere/count-score", "CHALLENGE_NOT_FOUND"],
      ["tomorrow/tomorrow-goal", "CHALLENGE_NOT_FOUND"],
      ["long-over/long-over-goal", "CHALLENGE_NOT_FOUND"],
      ["modes/nothing", "GOAL_NOT_FOUND"],
      ["modes/ends-goal", "GOAL_NOT_FOUND"],
    ] as const;
    for (const [path, code] of missing) {
      expectProblem(await player.setActive(path, true), 404, code);
      expectProblem(await player.claim(path), 404, code);
    }
  });
});

describe("a goal with prerequisites", () => {
  test("is locked until all of them are completed, of whatever challenge, and gathers progress", async () => {
    const player = await api.player();
    await player.activate("chain/chain-first", "chain/chain-last");
    const last = () => player.goal("chain-last");
    await player.does({ statCode: "chain_b", inc: 5 });
    expect(await last()).toMatchObject({ locked: true, progress: 5, status: "completed" });
    await player.does({ statCode: "chain_a", inc: 1 });
    expect(await last()).toMatchObject({ locked: true });
    await player.does({ statCode: "kills", latestValue: 10 });
    expect(await last()).toMatchObject({ locked: false });
    expect((await player.claim("chain/chain-first")).status).toBe(200);
    expect(await last()).toMatchObject({ locked: false });
  });
});
