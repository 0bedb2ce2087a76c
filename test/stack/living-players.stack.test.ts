import { describe, expect, test } from "vitest";

import { sharedApi } from "./api.ts";
import { challenge, contractCatalog, goal } from "./contract-catalog.ts";
import { expectBody, expectProblem } from "./expect-answer.ts";
import { Publisher } from "./publisher.ts";
import { adminPlayer, catalogDocument, claimed, initialized } from "./shapes.ts";

const api = sharedApi();

describe("a publish under living players", () => {
  const publisher = new Publisher(api, "living");
  const first = goal("first", "a", 10, { defaultAssigned: true });
  const second = goal("second", "b", 10, { defaultAssigned: true });

  function publish(...goals: object[]) {
    return publisher.publish({ challenges: [challenge("only", goals)] });
  }

  async function playing(...events: object[]) {
    const player = await api.player({ namespace: "living" });
    await player.doesIn("living", ...events.map((event) => ({ ...event })));
    return player;
  }

  test("brings a new default goal to those who were initialised before", async () => {
    await publish(first);
    const player = await playing({ statCode: "a", latestValue: 3 });
    const before = expectBody(await player.initialize(), 200, initialized);
    expect(before).toMatchObject({ totalActive: 1 });
    const { version } = await publish(first, second);
    expect(await player.goal("second")).toMatchObject({ isActive: true, assignedAt: null });
    await player.doesIn("living", { statCode: "b", latestValue: 4 });
    expect(await player.goal("second")).toMatchObject({ progress: 4 });
    expect(await player.goal("first")).toMatchObject({ progress: 3 });
    const after = expectBody(await player.initialize(), 200, initialized);
    expect(after).toMatchObject({ newAssignments: 0, totalActive: 2 });
    expect((await player.get("/v1/progress")).json).toMatchObject({ catalogVersion: version });
  });

  test("is asked for again by initialize, though the player was initialised already", async () => {
    await publish(first);
    const player = await playing({ statCode: "a", latestValue: 3 });
    await player.initialize();
    await player.initialize();
    await publish(first, second);
    const after = expectBody(await player.initialize(), 200, initialized);
    expect(after).toMatchObject({ newAssignments: 1, totalActive: 2 });
  });

  test("completes a goal whose target falls below what was reached", async () => {
    await publish(first);
    const player = await playing({ statCode: "a", latestValue: 6 });
    const { changes } = await publish({
      ...first,
      requirement: { ...first.requirement, targetValue: 5 },
    });
    expect(changes.changed[0]?.goalId).toBe("first");
    expect(await player.goal("first")).toMatchObject({ status: "completed", progress: 6 });
    expect((await player.goal("first"))?.completedAt).not.toBeNull();
    expectBody(await player.claim("only/first"), 200, claimed);
  });

  test("leaves a goal completed whose target rises", async () => {
    await publish(first);
    const player = await playing({ statCode: "a", latestValue: 10 });
    await publish({ ...first, requirement: { ...first.requirement, targetValue: 50 } });
    expect(await player.goal("first")).toMatchObject({ status: "completed", progress: 10 });
    await player.doesIn("living", { statCode: "a", latestValue: 20 });
    expect(await player.goal("first")).toMatchObject({ status: "completed", progress: 20 });
  });

  test("hides a goal that is removed, keeps what was reached, and shows it again", async () => {
    await publish(first, second);
    const player = await playing({ statCode: "b", latestValue: 7 });
    await publish(first);
    expect(await player.goal("second")).toBeNull();
    expectProblem(await player.claim("only/second"), 404, "GOAL_NOT_FOUND");
    const as = api.key("living");
    const seen = await api.call(`/v1/admin/players/${player.userId}`, { as });
    const lines = expectBody(seen, 200, adminPlayer).goals;
    expect(lines.find(({ goalId }) => goalId === "second")).toMatchObject({ progress: 7 });
    await publish(first, second);
    expect(await player.goal("second")).toMatchObject({ progress: 7, status: "in_progress" });
  });

  test("counts the players whom it meets, once Postgres has them", async () => {
    const goalOf = (id: string) => goal(id, id, 10, { defaultAssigned: true });
    await publish(first, goalOf("usage"));
    await Promise.all([
      playing({ statCode: "usage", latestValue: 5 }),
      playing({ statCode: "usage", latestValue: 10 }),
      playing({ statCode: "usage", latestValue: 11 }),
    ]);
    const removal = { challenges: [challenge("only", [first])] };
    const dryRun = async () => (await publisher.publish(removal, "?dryRun=true")).changes.removed;
    await expect
      .poll(dryRun, { timeout: 5_000 })
      .toEqual([{ goalId: "usage", inProgress: 1, unclaimed: 2 }]);
  });
});

describe("namespaces", () => {
  test("share nothing: players, catalogs, ids of events, keys", async () => {
    const neighbour = new Publisher(api, "neighbour");
    const { version } = await neighbour.publish(contractCatalog(Date.now() + 60_000));
    expect(version).not.toBe(api.access.catalogVersion);

    const here = await api.player();
    const there = await api.player({ namespace: "neighbour", userId: here.userId });
    const event = here.event({ statCode: "kills", latestValue: 10 });
    for (const key of ["local", "neighbour", "local"] as const) await api.postEvents(event, key);
    expect(await here.goal("default-kills")).toMatchObject({ status: "completed" });
    expect(await there.goal("default-kills")).toMatchObject({ status: "completed" });
    const grants = [await here.claim("defaults/default-kills")];
    expect(await there.goal("default-kills")).toMatchObject({ status: "completed" });
    grants.push(await there.claim("defaults/default-kills"));
    const ids = grants.map((answer) => expectBody(answer, 200, claimed).grantId);
    expect(ids[0]).not.toBe(ids[1]);

    await there.doesIn("neighbour", {});
    expect(await here.goal("default-login")).toMatchObject({ progress: 0 });
    const as = api.key("neighbour");
    const theirs = await api.call(`/v1/admin/players/${here.userId}`, { as });
    const { goals } = expectBody(theirs, 200, adminPlayer);
    expect(goals.map(({ goalId }) => goalId).toSorted()).toEqual([
      "default-kills",
      "default-login",
    ]);
  });

  test("keep a publish to themselves", async () => {
    const publisher = new Publisher(api, "neighbour");
    await publisher.publish({ challenges: [challenge("theirs", [goal("g", "a", 1)])] });
    const player = await api.player();
    expect((await player.get("/v1/challenges/theirs")).status).toBe(404);
    const { catalogVersion } = expectBody(await api.call("/v1/catalog"), 200, catalogDocument);
    expect(catalogVersion).toBe(api.access.catalogVersion);
  });
});
