import { existsSync, readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { aChallenge, aGoal, aRotation } from "../../test/support/builders.ts";
import type { CatalogDocument } from "./catalog.ts";
import { parseCatalog } from "./parse-catalog.ts";

describe("a document in the current form", () => {
  it("comes back as it is when every field is written", () => {
    const goals = [
      aGoal({
        goalId: "first",
        requirement: { progressMode: "relative" },
        rotation: { enabled: false },
      }),
      aGoal({ goalId: "second", prerequisites: ["first"], eventSource: "login" }),
    ];
    const challenge = aChallenge({
      goals,
      tags: ["season-1"],
      startsAt: "2026-12-01T00:00:00Z",
      endsAt: "2027-03-01T00:00:00.250Z",
    });
    expect(documentOf({ challenges: [challenge] })).toEqual({ challenges: [challenge] });
  });

  it("gets every default where a field is absent or null", () => {
    const { tags, startsAt, endsAt, ...challenge } = aChallenge();
    const { defaultAssigned, prerequisites, rotation, ...goal } = aGoal();
    const { progressMode, ...requirement } = goal.requirement;
    const short = { ...goal, requirement };
    const withNulls = {
      ...goal,
      defaultAssigned: null,
      prerequisites: null,
      rotation: null,
      requirement: { ...requirement, progressMode: null },
    };
    const expected = { challenges: [{ ...challenge, tags, startsAt, endsAt, goals: [aGoal()] }] };
    const emptied = { tags: null, startsAt: null, endsAt: null };
    expect(documentOf({ challenges: [{ ...challenge, goals: [short] }] })).toEqual(expected);
    expect(documentOf({ challenges: [{ ...challenge, ...emptied, goals: [withNulls] }] })).toEqual(
      expected,
    );
    expect([defaultAssigned, prerequisites, rotation, progressMode]).toEqual([
      false,
      [],
      null,
      "absolute",
    ]);
  });

  it("gets every default of a rotation", () => {
    const rotation = { enabled: true, type: "global", schedule: "daily" };
    const goal = { ...aGoal({ requirement: { progressMode: "count" } }), rotation };
    expect(goalOf(goal).rotation).toEqual(aRotation());
    expect(goalOf({ ...goal, rotation: { ...rotation, onExpiry: {} } }).rotation).toEqual(
      aRotation(),
    );
  });

  it("may name its schema for the author's editor", () => {
    const document = { challenges: [aChallenge()] };
    expect(documentOf({ $schema: "./catalog.schema.json", ...document })).toEqual(document);
  });

  it("writes instants in UTC", () => {
    const challenge = aChallenge({ startsAt: "2026-12-01T01:30:00+01:30" });
    expect(documentOf({ challenges: [challenge] }).challenges[0]?.startsAt).toBe(
      "2026-12-01T00:00:00Z",
    );
  });

  it("folds a prerequisite that is named twice", () => {
    const goals = [aGoal({ goalId: "a" }), aGoal({ goalId: "b", prerequisites: ["a", "a"] })];
    const document = documentOf({ challenges: [aChallenge({ goals })] });
    expect(document.challenges[0]?.goals[1]?.prerequisites).toEqual(["a"]);
  });
});

describe("a document in the legacy form", () => {
  const requirement = { stat_code: "wins", operator: ">=", target_value: 5 };
  const legacyGoal = {
    id: "win-five",
    name: "Win five",
    description: "Win five matches",
    event_source: "statistic",
    default_assigned: true,
    requirement,
    reward: { type: "ITEM", reward_id: "chest", quantity: 2 },
    prerequisites: [],
  };

  it("is read key by key", () => {
    const challenge = {
      id: "old",
      name: "Old",
      description: "",
      starts_at: "2026-12-01T00:00:00Z",
      goals: [{ ...legacyGoal, type: "absolute" }],
    };
    const goal = aGoal({
      goalId: "win-five",
      name: "Win five",
      description: "Win five matches",
      defaultAssigned: true,
      requirement: { statCode: "wins", targetValue: 5 },
      reward: { type: "ITEM", rewardId: "chest", quantity: 2 },
    });
    const expected = aChallenge({
      challengeId: "old",
      name: "Old",
      description: "",
      startsAt: "2026-12-01T00:00:00Z",
      goals: [goal],
    });
    expect(documentOf({ challenges: [challenge] })).toEqual({ challenges: [expected] });
  });

  const daily = aRotation();
  it.each([
    [{ type: "absolute" }, "absolute", 5, null],
    [{ type: "increment" }, "count", 5, null],
    [{ type: "increment", daily: false }, "count", 5, null],
    [{ type: "increment", daily: true }, "days", 5, null],
    [{ type: "daily" }, "count", 1, daily],
    [{}, "absolute", 5, null],
  ])("means by %j mode %s with target %d", (type, progressMode, targetValue, rotation) => {
    const goal = goalOf({ ...legacyGoal, ...type });
    expect(goal.requirement).toMatchObject({ progressMode, targetValue });
    expect(goal.rotation).toEqual(rotation);
  });

  it("needs no target for type daily, and keeps a rotation of its own", () => {
    const rotation = {
      enabled: true,
      type: "global",
      schedule: "weekly",
      time_zone: "Asia/Tokyo",
      on_expiry: { reset_progress: false },
    };
    const { target_value, ...rest } = requirement;
    const goal = goalOf({ ...legacyGoal, type: "daily", requirement: rest, rotation });
    expect(goal.requirement.targetValue).not.toBe(target_value);
    expect(goal.rotation).toEqual(
      aRotation({ schedule: "weekly", timeZone: "Asia/Tokyo", onExpiry: { resetProgress: false } }),
    );
  });

  it.each([{ type: "daily" }, { type: "increment", daily: true }, { type: "whatever" }])(
    "ignores a leftover %j beside a progressMode",
    (type) => {
      const goal = goalOf({
        ...legacyGoal,
        ...type,
        requirement: { ...requirement, progressMode: "relative" },
      });
      expect(goal.requirement).toMatchObject({ progressMode: "relative", targetValue: 5 });
      expect(goal.rotation).toBeNull();
    },
  );
});

describe("the sample catalog of the local stack", () => {
  const path = new URL("../../dev/catalog.sample.json", import.meta.url);
  const { challenges } = documentOf(JSON.parse(readFileSync(path, "utf8")));
  const goals = challenges.flatMap((challenge) => challenge.goals);

  it("shows every mode, source, schedule and reward, default goals and others, and prerequisites", () => {
    expect(new Set(goals.map((goal) => goal.requirement.progressMode)).size).toBe(4);
    expect(new Set(goals.map((goal) => goal.eventSource)).size).toBe(2);
    expect(new Set(goals.flatMap((goal) => goal.rotation?.schedule ?? [])).size).toBe(3);
    expect(new Set(goals.map((goal) => goal.reward.type)).size).toBe(2);
    expect(new Set(goals.map((goal) => goal.defaultAssigned)).size).toBe(2);
    expect(goals.some((goal) => goal.prerequisites.length > 0)).toBe(true);
  });

  it("has a season with a window", () => {
    expect(challenges.some(({ startsAt, endsAt }) => startsAt !== null && endsAt !== null)).toBe(
      true,
    );
  });
});

it("accepts the example of docs/catalog.md", () => {
  const page = readFileSync(new URL("../../docs/catalog.md", import.meta.url), "utf8");
  const [, example = ""] = /```json\n(.*?)```/s.exec(page) ?? [];
  expect(documentOf(JSON.parse(example)).challenges).toHaveLength(1);
});

describe("real catalogs of the suite", () => {
  const folder = new URL("../../../shared/fixtures/", import.meta.url);
  it.for([
    ["suite-current.json", 24],
    ["suite-legacy-500-goals.json", 500],
  ] as const)("%s loads as it is, with %d goals", ([file, goalCount], { skip }) => {
    const path = new URL(file, folder);
    if (!existsSync(path)) skip(`${file} is not beside this checkout`);
    const document = documentOf(JSON.parse(readFileSync(path, "utf8")));
    expect(document.challenges.flatMap((challenge) => challenge.goals)).toHaveLength(goalCount);
  });
});

function documentOf(input: unknown): CatalogDocument {
  const parsed = parseCatalog(input);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems, null, 2));
  return parsed.document;
}

function goalOf(goal: unknown): CatalogDocument["challenges"][number]["goals"][number] {
  const read = documentOf({ challenges: [{ ...aChallenge(), goals: [goal] }] }).challenges[0]
    ?.goals[0];
  if (read === undefined) throw new Error("the goal is gone");
  return read;
}
