import { describe, expect, it } from "vitest";

import { aChallenge, aGoal } from "../../test/support/builders.ts";
import type { Problem } from "./errors.ts";
import { parseCatalog } from "./parse-catalog.ts";

type Json = Record<string, unknown>;

describe("one mistake in a goal is one problem, at its place, in a sentence", () => {
  const requirement = { ...aGoal().requirement, progressMode: "count" };
  const reward = aGoal().reward;
  const rotation = { enabled: true, type: "global", schedule: "daily", onExpiry: {} };

  // What is written in the goal | the path below the goal | a part of the sentence.
  const table: [Json, string, string][] = [
    [{ goalId: undefined }, ".goalId", "is missing; it must be text of 1 to 100 characters"],
    [{ goalId: "x".repeat(101) }, ".goalId", "must be text of 1 to 100 characters"],
    [{ goalId: "a\u0007" }, ".goalId", "without control characters"],
    [{ goalId: "\ud800" }, ".goalId", 'not the text "\\ud800"'],
    [{ goalId: 7 }, ".goalId", "not 7"],
    [{ id: "again" }, ".id", 'means the same as "goalId", which is here too'],
    [
      { name: "" },
      ".name",
      "at least 1 character, in well-formed Unicode without U+0000, not empty text",
    ],
    [{ description: null }, ".description", "is missing; it must be text"],
    [{ description: "\u0000" }, ".description", "without U+0000"],
    [
      { eventSource: "statistics" },
      ".eventSource",
      'must be "login" or "statistic", not the text "statistics"; did you mean "statistic"?',
    ],
    [{ eventSource: undefined, event_source: "logn" }, ".event_source", 'did you mean "login"?'],
    [{ defaultAssigned: "yes" }, ".defaultAssigned", 'must be true or false, not the text "yes"'],
    [{ prerequisite: [] }, ".prerequisite", 'is not a known key; did you mean "prerequisites"?'],
    [{ colour: null }, ".colour", "is not a known key; known here: goalId, name, description,"],
    [{ "odd key": 1 }, '["odd key"]', "is not a known key"],
    [{ requirement: undefined, requirment: {} }, ".requirment", 'did you mean "requirement"?'],
    [{ requirement: undefined }, ".requirement", "is missing; it must be an object"],
    [{ requirement: "kills" }, ".requirement", 'must be an object, not the text "kills"'],
    [
      { requirement: { ...requirement, targetValue: 0 } },
      ".requirement.targetValue",
      "must be a number greater than 0, not 0",
    ],
    [
      { requirement: { ...requirement, targetValue: -2 } },
      ".requirement.targetValue",
      "greater than 0, not -2",
    ],
    [
      { requirement: { ...requirement, targetValue: "10" } },
      ".requirement.targetValue",
      'not the text "10"',
    ],
    [
      { requirement: JSON.parse('{"statCode":"a","operator":">=","targetValue":1e999}') },
      ".requirement.targetValue",
      "not Infinity",
    ],
    [
      { requirement: { ...requirement, targetValue: undefined, target_value: -1 } },
      ".requirement.target_value",
      "not -1",
    ],
    [
      { requirement: { ...requirement, operator: "<=" } },
      ".requirement.operator",
      'must be ">=", not the text "<="',
    ],
    [
      { requirement: { ...requirement, statCode: { toString: 1 } } },
      ".requirement.statCode",
      "not an object",
    ],
    [
      { requirement: { ...requirement, progressMode: "dayz" } },
      ".requirement.progressMode",
      'must be "absolute", "relative", "count" or "days", not the text "dayz"; did you mean "days"?',
    ],
    [
      { rotation, requirement: { ...requirement, progressMode: "dayz" } },
      ".requirement.progressMode",
      'did you mean "days"?',
    ],
    [
      { reward: { ...reward, type: "COIN" } },
      ".reward.type",
      'must be "ITEM" or "WALLET", not the text "COIN"',
    ],
    [
      { reward: { ...reward, quantity: 1.5 } },
      ".reward.quantity",
      "must be a whole number of at least 1, not 1.5",
    ],
    [{ reward: { ...reward, quantity: 0 } }, ".reward.quantity", "of at least 1, not 0"],
    [{ reward: { ...reward, rewardId: true } }, ".reward.rewardId", "not true"],
    [{ prerequisites: "first" }, ".prerequisites", 'must be a list, not the text "first"'],
    [
      { prerequisites: [[]] },
      ".prerequisites[0]",
      "must be text of 1 to 100 characters without control characters, not a list",
    ],
    [
      { prerequisites: ["other", "ten-kills"] },
      ".prerequisites[1]",
      'is "ten-kills", the goal itself; a goal cannot wait for itself',
    ],
    [
      { prerequisites: ["othr"] },
      ".prerequisites[0]",
      'is "othr", but no goal has this id; did you mean "other"?',
    ],
    [
      { rotation: { ...rotation, enabled: undefined } },
      ".rotation.enabled",
      "is missing; it must be true or false",
    ],
    [
      { rotation: { ...rotation, type: "personal" } },
      ".rotation.type",
      'must be "global", not the text "personal"',
    ],
    [
      { rotation: { ...rotation, schedule: "dialy" } },
      ".rotation.schedule",
      'did you mean "daily"?',
    ],
    [
      { rotation: { ...rotation, timezone: "UTC" } },
      ".rotation.timezone",
      'did you mean "timeZone"?',
    ],
    [
      { rotation: { ...rotation, timeZone: "Europe/Berln" } },
      ".rotation.timeZone",
      'did you mean "Europe/Berlin"?',
    ],
    [
      { rotation: { ...rotation, timeZone: "+02:00" } },
      ".rotation.timeZone",
      "must be an IANA time zone, such as Europe/Berlin",
    ],
    [
      { rotation: { ...rotation, resetTime: "24:00" } },
      ".rotation.resetTime",
      "as HH:MM, from 00:00 to 23:59",
    ],
    [
      { rotation: { ...rotation, resetTime: "4:00" } },
      ".rotation.resetTime",
      'not the text "4:00"',
    ],
    [
      { rotation: { ...rotation, weekday: 0 } },
      ".rotation.weekday",
      "must be a whole number from 1 to 7, not 0",
    ],
    [{ rotation: { ...rotation, dayOfMonth: 32 } }, ".rotation.dayOfMonth", "from 1 to 31, not 32"],
    [
      { rotation: { ...rotation, claimGraceSeconds: -1 } },
      ".rotation.claimGraceSeconds",
      "from 0 to 315360000, not -1",
    ],
    [
      { rotation: { ...rotation, onExpiry: [] } },
      ".rotation.onExpiry",
      "must be an object, not a list",
    ],
    [
      { rotation: { ...rotation, onExpiry: { resetProgres: true } } },
      ".rotation.onExpiry.resetProgres",
      'did you mean "resetProgress"?',
    ],
    [
      { rotation, requirement: { ...requirement, progressMode: null } },
      ".rotation",
      "cannot reset a goal in mode absolute",
    ],
    [
      { requirement: { ...requirement, progressMode: null }, type: "incremental" },
      ".type",
      'must be "absolute", "increment" or "daily"',
    ],
    [
      { requirement: { ...requirement, progressMode: null }, type: "absolute", daily: true },
      ".daily",
      'only beside "type": "increment"',
    ],
  ];

  it.each(table)("%j", (wish, path, sentence) => {
    const goal = { ...aGoal(), requirement, ...wish };
    const other = aGoal({ goalId: "other" });
    const problems = problemsOf({ challenges: [{ ...aChallenge(), goals: [other, goal] }] });
    expect(problems).toEqual([
      { path: `$.challenges[0].goals[1]${path}`, message: expect.stringContaining(sentence) },
    ]);
  });
});

describe("a rotation that is switched off", () => {
  it("may stay on a goal in mode absolute", () => {
    const goals = [aGoal({ rotation: { enabled: false } })];
    expect(parseCatalog({ challenges: [aChallenge({ goals })] })).toMatchObject({ ok: true });
  });
});

function problemsOf(input: unknown): Problem[] {
  const parsed = parseCatalog(input);
  return parsed.ok ? [] : parsed.problems;
}
