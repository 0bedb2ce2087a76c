import { describe, expect, test } from "vitest";

import { sharedApi } from "./api.ts";
import { expectBody, expectProblem } from "./expect-answer.ts";
import { challengeDocument, challengesDocument } from "./shapes.ts";

const api = sharedApi();

const VISIBLE = ["modes", "defaults", "chain", "daily", "ends", "just-over", "über/challenge ☃"];

describe("GET /v1/challenges", () => {
  test("shows a new player all challenges of now, with default goals active and without a row", async () => {
    const player = await api.player();
    const answer = await player.get("/v1/challenges");
    const document = expectBody(answer, 200, challengesDocument);
    expect(document.catalogVersion).toBe(api.access.catalogVersion);
    expect(Math.abs(Date.parse(document.serverTime) - Date.now())).toBeLessThan(10_000);
    expect(document.challenges.map(({ challengeId }) => challengeId)).toEqual(VISIBLE);
    const [modes, defaults] = document.challenges;
    expect(modes).toMatchObject({ tags: ["modes", "solo"], startsAt: null, endsAt: null });
    expect(defaults?.goals[1]).toEqual({
      goalId: "default-login",
      name: "Goal default-login",
      description: "",
      eventSource: "login",
      defaultAssigned: true,
      requirement: { statCode: "login", operator: ">=", targetValue: 1, progressMode: "count" },
      reward: { type: "ITEM", rewardId: "crown", quantity: 1 },
      prerequisites: [],
      rotation: null,
      progress: 0,
      status: "not_started",
      isActive: true,
      locked: false,
      assignedAt: null,
      completedAt: null,
      claimedAt: null,
      expiresAt: null,
      expiresInSeconds: null,
      claimPending: false,
      lateClaim: null,
    });
    expect(defaults?.goals[2]).toMatchObject({ defaultAssigned: false, isActive: false });
  });

  test("says how long it is in bytes, to a client that takes it uncompressed", async () => {
    const player = await api.player();
    for (const path of ["/v1/challenges", "/v1/challenges?active_only=true"]) {
      const answer = await player.get(path, { "Accept-Encoding": "identity" });
      expect(answer.headers.get("Content-Length")).toBe(`${Buffer.byteLength(answer.text)}`);
    }
  });

  test("shows when a rotating goal expires, also without a row", async () => {
    const player = await api.player();
    const { challenges } = expectBody(await player.get("/v1/challenges"), 200, challengesDocument);
    const goals = challenges.find(({ challengeId }) => challengeId === "daily")?.goals;
    const [damage, once] = goals ?? [];
    const expiresInMs = Date.parse(damage?.expiresAt ?? "") - Date.now();
    expect(expiresInMs).toBeGreaterThan(0);
    expect(expiresInMs).toBeLessThanOrEqual(86_400_000);
    expect(Math.abs((damage?.expiresInSeconds ?? 0) - expiresInMs / 1_000)).toBeLessThan(10);
    expect(once?.rotation).toEqual({
      enabled: true,
      type: "global",
      schedule: "daily",
      timeZone: "UTC",
      resetTime: expect.stringMatching(/^\d{2}:\d{2}$/),
      weekday: 1,
      dayOfMonth: 1,
      onExpiry: { resetProgress: true, allowReselection: false },
      claimGraceSeconds: 3_600,
    });
  });

  test("keeps active goals, and challenges that have one, when asked", async () => {
    const player = await api.player();
    await player.activate("modes/count-score");
    const answer = await player.get("/v1/challenges?active_only=true");
    const { challenges } = expectBody(answer, 200, challengesDocument);
    expect(
      challenges.map(({ challengeId, goals }) => [challengeId, ...goals.map((it) => it.goalId)]),
    ).toEqual([
      ["modes", "count-score"],
      ["defaults", "default-kills", "default-login"],
      ["just-over", "just-over-goal"],
    ]);
  });

  test("shows what is to come when asked, without activation, and never what is long over", async () => {
    const player = await api.player();
    const answer = await player.get("/v1/challenges?include=upcoming");
    const { challenges } = expectBody(answer, 200, challengesDocument);
    const ids = challenges.map(({ challengeId }) => challengeId);
    expect(ids).toContain("tomorrow");
    expect(ids).not.toContain("long-over");
    const tomorrow = challenges.find(({ challengeId }) => challengeId === "tomorrow");
    expect(tomorrow?.goals[0]).toMatchObject({ isActive: false, status: "not_started" });
  });

  test("refuses a query that it does not understand", async () => {
    const player = await api.player();
    for (const query of ["active_only=1", "include=past"]) {
      const { errors } = expectProblem(
        await player.get(`/v1/challenges?${query}`),
        400,
        "INVALID_REQUEST",
      );
      expect(errors).toHaveLength(1);
    }
  });
});

describe("GET /v1/challenges/{challengeId}", () => {
  test("shows one challenge as the list does", async () => {
    const player = await api.player();
    await player.does({ statCode: "kills", latestValue: 4 });
    const { challenges } = expectBody(await player.get("/v1/challenges"), 200, challengesDocument);
    for (const challenge of challenges) {
      const path = `/v1/challenges/${encodeURIComponent(challenge.challengeId)}`;
      const one = expectBody(await player.get(path), 200, challengeDocument);
      expect(one.catalogVersion).toBe(api.access.catalogVersion);
      expect(withoutSeconds(one.challenge)).toEqual(withoutSeconds(challenge));
    }
  });

  test("knows no challenge that does not exist, has not begun or is long over", async () => {
    const player = await api.player();
    for (const id of ["nothing", "tomorrow", "long-over", "Modes", "%20"]) {
      expectProblem(await player.get(`/v1/challenges/${id}`), 404, "CHALLENGE_NOT_FOUND");
    }
  });
});

describe("GET /v1/progress", () => {
  test("lists active goals and goals with a row, and nothing else", async () => {
    const player = await api.player();
    const goalIds = async () => (await player.progress()).map(({ goalId }) => goalId);
    expect(await goalIds()).toEqual(["default-kills", "default-login", "just-over-goal"]);
    await player.activate("ends/ends-goal");
    await player.setActive("ends/ends-goal", false);
    await player.setActive("defaults/default-login", false);
    expect(await goalIds()).toEqual([
      "default-kills",
      "default-login",
      "ends-goal",
      "just-over-goal",
    ]);
  });
});

/** The seconds until expiry move between two reads. */
function withoutSeconds<Challenge extends { goals: readonly object[] }>(challenge: Challenge) {
  const goals = challenge.goals.map((goal) => ({ ...goal, expiresInSeconds: null }));
  return { ...challenge, goals };
}
