import { describe, expect, test } from "vitest";

import { sharedApi } from "./api.ts";
import { challenge, goal } from "./contract-catalog.ts";
import { expectBody, expectProblem } from "./expect-answer.ts";
import { Publisher } from "./publisher.ts";
import { catalogDocument, published } from "./shapes.ts";

const api = sharedApi();

const NOTHING_CHANGED = { added: [], removed: [], changed: [], breaking: [] };

function catalog(...goals: object[]): object {
  return { challenges: [challenge("only", goals)] };
}

test("a catalog is tried, published, changed, and found in the history", async () => {
  const publisher = new Publisher(api, "cycle");
  expectProblem(await publisher.get(), 503, "NO_CATALOG");
  expect(await publisher.history()).toEqual([]);

  const first = catalog(goal("kept", "a", 1), goal("dropped", "b", 1));
  const tried = await publisher.publish(first, "?dryRun=true");
  expect(tried).toMatchObject({ activated: false, changes: { added: ["kept", "dropped"] } });
  expect(await publisher.history()).toEqual([]);

  const one = await publisher.publish(first);
  expect(one).toEqual({ ...tried, activated: true });
  const active = await publisher.active();
  expect(active.version).toBe(one.version);
  expect(active.catalog.challenges[0]).toMatchObject({ tags: [], startsAt: null, endsAt: null });
  const shown = expectBody(await api.call("/v1/catalog?namespace=cycle"), 200, catalogDocument);
  expect(shown).toEqual({ catalogVersion: one.version, ...active.catalog });

  // What was read can be put back: it is the same catalog.
  const same = await publisher.publish(active.catalog);
  expect(same).toEqual({ version: one.version, activated: true, changes: NOTHING_CHANGED });

  const second = catalog(goal("kept", "a", 2), goal("new", "c", 1));
  const changes = {
    added: ["new"],
    removed: [{ goalId: "dropped", inProgress: 0, unclaimed: 0 }],
    changed: [{ goalId: "kept", fields: ["requirement"], inProgress: 0, unclaimed: 0 }],
    breaking: [],
  };
  const two = await publisher.publish(second);
  expect(two.changes).toEqual({
    ...changes,
    changed: [{ ...changes.changed[0], fields: [expect.stringContaining("requirement")] }],
  });
  const history = await publisher.history();
  expect(history.map(({ version }) => version)).toEqual([two.version, one.version]);
  expect(history.every(({ activatedAt }) => activatedAt !== null)).toBe(true);
});

test("an earlier version can be activated again, and is then the active one", async () => {
  const publisher = new Publisher(api, "rollback");
  const one = await publisher.publish(catalog(goal("g", "a", 1)));
  const two = await publisher.publish(
    catalog(goal("g", "a", 1, { progressMode: "count" })),
    "?force=true",
  );
  const back = expectBody(await publisher.activate(one.version), 200, published);
  expect(back).toMatchObject({ version: one.version, activated: true });
  expect(back.changes.breaking).toEqual(["g"]);
  expect((await publisher.active()).version).toBe(one.version);
  const history = await publisher.history();
  expect(history.map(({ version }) => version)).toEqual([two.version, one.version]);
  const player = await api.player({ namespace: "rollback" });
  await player.doesIn("rollback", { statCode: "a", inc: 1 }).then(() => player.activate("only/g"));
  expectProblem(await publisher.activate("0".repeat(64)), 404, "NOT_FOUND");
  expectProblem(await publisher.activate("nonsense"), 404, "NOT_FOUND");
  expectProblem(await publisher.activate(api.access.catalogVersion), 404, "NOT_FOUND");
});

test("a changed mode is refused, and named, unless it is forced", async () => {
  const publisher = new Publisher(api, "breaking");
  const { version } = await publisher.publish(catalog(goal("g", "a", 5), goal("h", "a", 5)));
  const counting = catalog(goal("g", "a", 5, { progressMode: "count" }), goal("h", "a", 5));
  const refused = expectProblem(await publisher.put(counting), 409, "CATALOG_BREAKING");
  expect(refused.detail).toContain("g");
  expect((await publisher.active()).version).toBe(version);
  const tried = await publisher.publish(counting, "?dryRun=true");
  expect(tried).toMatchObject({ activated: false, changes: { breaking: ["g"] } });
  const forced = await publisher.publish(counting, "?force=true");
  expect(forced).toMatchObject({ activated: true, changes: { breaking: ["g"] } });
});

describe("If-Match", () => {
  test("lets a publish through only if the active catalog is still the one that was read", async () => {
    const publisher = new Publisher(api, "breaking");
    await publisher.publish(catalog(goal("first", "a", 1)));
    const read = await publisher.get();
    const tag = read.headers.get("ETag") ?? "";
    expect(tag).toMatch(/^"[^"]+"$/);
    expect((await publisher.get({ "If-None-Match": tag })).status).toBe(304);
    await publisher.publish(catalog(goal("second", "a", 1)), "", { "If-Match": tag });
    const stale = { "If-Match": tag };
    const third = catalog(goal("third", "a", 1));
    expectProblem(await publisher.put(third, "", stale), 412, "CATALOG_CHANGED");
    expectProblem(await publisher.put(third, "?dryRun=true", stale), 412, "CATALOG_CHANGED");
    const { version, catalog: active } = await publisher.active();
    expectProblem(await publisher.activate(version, stale), 412, "CATALOG_CHANGED");
    expect(active.challenges[0]?.goals[0]?.goalId).toBe("second");
    await publisher.publish(third, "", { "If-Match": "*" });
    await publisher.publish(third, "", {
      "If-Match": `"x", "${(await publisher.active()).version}"`,
    });
  });

  test("lets one of five through who all read the same catalog", async () => {
    const publisher = new Publisher(api, "breaking");
    const { version } = await publisher.publish(catalog(goal("start", "a", 1)));
    const answers = await Promise.all(
      [1, 2, 3, 4, 5].map((target) =>
        publisher.put(catalog(goal("race", "a", target)), "", { "If-Match": `"${version}"` }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      200, 412, 412, 412, 412,
    ]);
  });
});
