import { existsSync, readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { sharedApi } from "./api.ts";
import { challenge, goal } from "./contract-catalog.ts";
import { expectBody } from "./expect-answer.ts";
import { Publisher } from "./publisher.ts";
import { adminPlayer, catalogDocument, published } from "./shapes.ts";

const api = sharedApi();
const publisher = new Publisher(api, "forms");

/** Real catalogs of the system that this one replaces, where they are at hand. */
const FIXTURES = new URL("../../../shared/fixtures/", import.meta.url);

test("two documents that mean the same are one version, whatever their form", async () => {
  const current = challenge("only", [goal("g", "a", 3, { progressMode: "count" })]);
  const legacy = `{"challenges":[{"id":"only","name":"${current.name}","description":"${current.description}","goals":[
    {"id":"g","name":"Goal g","description":"","event_source":"statistic","type":"increment","default_assigned":false,
     "requirement":{"stat_code":"a","operator":">=","target_value":3},
     "reward":{"type":"WALLET","reward_id":"GOLD","quantity":100},"prerequisites":null}]}]}`;
  const answers = [
    await publisher.put({ challenges: [current] }, "?dryRun=true"),
    await publisher.put(legacy, "?dryRun=true"),
  ];
  const [a, b] = answers.map((answer) => expectBody(answer, 200, published));
  expect(a?.version).toBe(b?.version);
});

test("names that JavaScript uses itself are ordinary ids", async () => {
  await publisher.publish({
    challenges: [
      challenge("__proto__", [
        goal("constructor", "toString", 1, { defaultAssigned: true }),
        goal("__proto__", "valueOf", 1, { defaultAssigned: true, prerequisites: ["constructor"] }),
      ]),
    ],
  });
  const player = await api.player({ namespace: "forms", userId: "hasOwnProperty" });
  await player.doesIn("forms", { statCode: "toString", inc: 1 }, { statCode: "valueOf", inc: 1 });
  expect((await player.claim("__proto__/__proto__")).status).toBe(200);
  const seen = await api.call("/v1/admin/players/hasOwnProperty", { as: api.key("forms") });
  const { goals } = expectBody(seen, 200, adminPlayer);
  expect(goals.map(({ goalId, status }) => [goalId, status])).toEqual([
    ["constructor", "completed"],
    ["__proto__", "claimed"],
  ]);
});

test.skipIf(!existsSync(FIXTURES)).each([
  ["suite-current.json", null],
  ["suite-legacy-500-goals.json", 500],
])("the real catalog %s is served, and put back as it is", async (file, goalCount) => {
  const document = readFileSync(new URL(file, FIXTURES), "utf8");
  const put = await publisher.put(document, "?force=true");
  const { version } = expectBody(put, 200, published);
  const shown = await api.call("/v1/catalog?namespace=forms");
  const { challenges } = expectBody(shown, 200, catalogDocument);
  const goals = challenges.flatMap((entry) => entry.goals);
  expect(goals.length).toBe(goalCount ?? goals.length);
  const active = await publisher.active();
  expect((await publisher.publish(active.catalog)).version).toBe(version);
  const player = await api.player({ namespace: "forms" });
  expect((await player.get("/v1/challenges")).status).toBe(200);
});
