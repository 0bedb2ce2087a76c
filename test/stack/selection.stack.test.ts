import { randomUUID } from "node:crypto";

import { describe, expect, test } from "vitest";

import { sharedApi } from "./api.ts";
import { expectBody, expectProblem } from "./expect-answer.ts";
import type { Player } from "./player.ts";
import { selected } from "./shapes.ts";

const api = sharedApi();

function select(player: Player, challengeId: string, body: object, headers = {}) {
  const path = `/v1/challenges/${challengeId}/goals/batch-select`;
  return player.send("POST", path, { body, headers });
}

function draw(player: Player, challengeId: string, body: object, headers = {}) {
  const path = `/v1/challenges/${challengeId}/goals/random-select`;
  return player.send("POST", path, { body, headers });
}

function idsOf({ selectedGoals }: { selectedGoals: readonly { goalId: string }[] }): string[] {
  return selectedGoals.map(({ goalId }) => goalId);
}

async function activeIds(player: Player): Promise<string[]> {
  const lines = await player.progress();
  return lines.filter(({ isActive }) => isActive).map(({ goalId }) => goalId);
}

const DEFAULTS = ["default-kills", "default-login", "just-over-goal"];

describe("POST batch-select", () => {
  test("activates the named goals, each once, and shows them as they stand", async () => {
    const player = await api.player();
    await player.activate("modes/count-score");
    await player.does({ statCode: "score", inc: 1 });
    const goalIds = ["days-score", "count-score", "days-score"];
    const answer = expectBody(await select(player, "modes", { goalIds }), 200, selected);
    expect(answer).toMatchObject({ challengeId: "modes", totalActiveGoals: 2, replacedGoals: [] });
    expect(answer.selectedGoals).toMatchObject([
      { challengeId: "modes", goalId: "days-score", isActive: true, progress: 0, target: 2 },
      { goalId: "count-score", isActive: true, progress: 1, status: "in_progress" },
    ]);
    await player.does({ statCode: "score", inc: 1 });
    expect(await player.goal("days-score")).toMatchObject({ progress: 1 });
  });

  test("switches the challenge's other goals off when asked, and no other challenge's", async () => {
    const player = await api.player();
    await player.activate("modes/count-score", "modes/days-score", "ends/ends-goal");
    const body = { goalIds: ["days-score", "absolute-score"], replaceExisting: true };
    const answer = expectBody(await select(player, "modes", body), 200, selected);
    expect(answer).toMatchObject({ totalActiveGoals: 2, replacedGoals: ["count-score"] });
    expect(await activeIds(player)).toEqual([
      "absolute-score",
      "days-score",
      ...DEFAULTS.slice(0, 2),
      "ends-goal",
      ...DEFAULTS.slice(2),
    ]);
  });

  test("replaces default goals that have no row yet", async () => {
    const player = await api.player();
    const body = { goalIds: ["optional-kills"], replaceExisting: true };
    const answer = expectBody(await select(player, "defaults", body), 200, selected);
    expect(answer.replacedGoals.toSorted()).toEqual(["default-kills", "default-login"]);
    expect(answer.totalActiveGoals).toBe(1);
  });

  test("does all or nothing", async () => {
    const player = await api.player();
    const refusals = [
      [["count-score", "nothing"], 404, "GOAL_NOT_FOUND"],
      [["count-score", "ends-goal"], 400, "GOAL_NOT_IN_CHALLENGE"],
    ] as const;
    for (const [goalIds, status, code] of refusals) {
      expectProblem(await select(player, "modes", { goalIds }), status, code);
    }
    expect(await activeIds(player)).toEqual(DEFAULTS);
    const goalIds = ["count-score"];
    expectProblem(await select(player, "nowhere", { goalIds }), 404, "CHALLENGE_NOT_FOUND");
    expectProblem(await select(player, "tomorrow", { goalIds }), 404, "CHALLENGE_NOT_FOUND");
  });

  test.each([
    {},
    { goalIds: [] },
    { goalIds: "count-score" },
    { goalIds: [1] },
    { goalIds: Array.from({ length: 101 }, (_, index) => `g${index}`) },
    { goalIds: ["count-score"], replaceExisting: "yes" },
  ])("refuses %j", async (body) => {
    const player = await api.player();
    expectProblem(await select(player, "modes", body), 400, "INVALID_REQUEST");
  });
});

describe("POST random-select", () => {
  test("draws so many goals as asked for, or all that there are", async () => {
    const player = await api.player();
    const two = expectBody(await draw(player, "modes", { count: 2 }), 200, selected);
    expect(new Set(idsOf(two)).size).toBe(2);
    expect(two).toMatchObject({ totalActiveGoals: 2, replacedGoals: [] });
    const all = expectBody(await draw(player, "modes", { count: 100 }), 200, selected);
    expect(new Set(idsOf(all)).size).toBe(6);
    expect(all.totalActiveGoals).toBe(6);
  });

  test("draws no active goal when they are excluded or replaced", async () => {
    const player = await api.player();
    await player.activate("modes/count-score", "modes/days-score");
    const more = expectBody(
      await draw(player, "modes", { count: 2, excludeActive: true }),
      200,
      selected,
    );
    const active = ["count-score", "days-score", ...idsOf(more)];
    expect(new Set(active).size).toBe(4);
    const body = { count: 1, replaceExisting: true };
    const instead = expectBody(await draw(player, "modes", body), 200, selected);
    expect(instead.totalActiveGoals).toBe(1);
    expect(instead.replacedGoals.toSorted()).toEqual(active.toSorted());
    expect(active).not.toContain(idsOf(instead)[0]);
  });

  test("draws nothing that is locked or done, and says so when nothing is left", async () => {
    const player = await api.player();
    const first = expectBody(await draw(player, "chain", { count: 10 }), 200, selected);
    expect(idsOf(first)).toEqual(["chain-first"]);
    await player.does({ statCode: "chain_a", inc: 1 });
    expectProblem(await draw(player, "chain", { count: 1 }), 400, "INSUFFICIENT_GOALS");
    expect(await player.goal("chain-first")).toMatchObject({ isActive: true });
    await player.does({ statCode: "kills", latestValue: 10 });
    const last = expectBody(await draw(player, "chain", { count: 10 }), 200, selected);
    expect(idsOf(last)).toEqual(["chain-last"]);
  });

  test("draws anew each time, but not for a repeat under the same Idempotency-Key", async () => {
    const players = await Promise.all(Array.from({ length: 12 }, () => api.player()));
    const drawn = await Promise.all(
      players.map(async (player) => {
        const headers = { "Idempotency-Key": randomUUID() };
        const [once, again] = [
          await draw(player, "modes", { count: 3 }, headers),
          await draw(player, "modes", { count: 3 }, headers),
        ];
        expect(again.json).toEqual(once.json);
        return idsOf(expectBody(once, 200, selected)).join();
      }),
    );
    expect(new Set(drawn).size).toBeGreaterThan(1);
  });

  test.each([{}, { count: 0 }, { count: 101 }, { count: 1.5 }, { count: "1" }])(
    "refuses %j",
    async (body) => {
      const player = await api.player();
      expectProblem(await draw(player, "modes", body), 400, "INVALID_REQUEST");
    },
  );

  test("knows what does not exist for players now, and draws nothing of what is over", async () => {
    const player = await api.player();
    expectProblem(await draw(player, "nowhere", { count: 1 }), 404, "CHALLENGE_NOT_FOUND");
    expectProblem(await draw(player, "tomorrow", { count: 1 }), 404, "CHALLENGE_NOT_FOUND");
    expectProblem(await draw(player, "just-over", { count: 1 }), 400, "INSUFFICIENT_GOALS");
  });
});
