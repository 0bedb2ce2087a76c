import { describe, expect, it } from "vitest";

import { aChallenge, aGoal } from "../../test/support/builders.ts";
import type { Problem } from "./errors.ts";
import { PROBLEMS_MAX } from "./parse-catalog-problems.ts";
import { parseCatalog } from "./parse-catalog.ts";

describe("one mistake outside of the goals", () => {
  const challenge = aChallenge();
  it.each<[string, unknown, string, string]>([
    ["no object", [], "$", "must be an object, not a list"],
    ["null", null, "$", "must be an object, not null"],
    ["no challenges", {}, "$.challenges", "is missing; it must be a list of at least one"],
    [
      "an empty list",
      { challenges: [] },
      "$.challenges",
      "must be a list of at least one, but it is empty",
    ],
    ["a misspelt list", { challanges: [challenge] }, "$.challanges", 'did you mean "challenges"?'],
    [
      "no goals",
      { challenges: [{ ...challenge, goals: [] }] },
      "$.challenges[0].goals",
      "but it is empty",
    ],
    [
      "a goal that is null",
      { challenges: [{ ...challenge, goals: [null] }] },
      "$.challenges[0].goals[0]",
      "must be an object, not null",
    ],
    [
      "a tag that is null",
      { challenges: [{ ...challenge, tags: [null] }] },
      "$.challenges[0].tags[0]",
      "not null",
    ],
    [
      "a day without a time",
      { challenges: [{ ...challenge, starts_at: "2026-12-01", startsAt: null }] },
      "$.challenges[0].starts_at",
      "such as 2026-12-01T00:00:00Z",
    ],
    [
      "30 February",
      { challenges: [{ ...challenge, startsAt: "2026-02-30T00:00:00Z" }] },
      "$.challenges[0].startsAt",
      "RFC 3339",
    ],
    [
      "a year beyond RFC 3339",
      { challenges: [{ ...challenge, endsAt: "9999-12-31T23:59:59-01:00" }] },
      "$.challenges[0].endsAt",
      "RFC 3339",
    ],
    [
      "an end at the start",
      {
        challenges: [
          { ...challenge, startsAt: "2026-12-01T00:00:00Z", endsAt: "2026-12-01T01:00:00+01:00" },
        ],
      },
      "$.challenges[0].endsAt",
      "must be later than startsAt",
    ],
    [
      "a bad end with a good start",
      { challenges: [{ ...challenge, startsAt: "2026-12-01T00:00:00Z", endsAt: "soon" }] },
      "$.challenges[0].endsAt",
      'not the text "soon"',
    ],
  ])("%s", (_, input, path, sentence) => {
    expect(problemsOf(input)).toEqual([{ path, message: expect.stringContaining(sentence) }]);
  });
});

describe("ids and links across the whole document", () => {
  it("names the place of the first goal and challenge of an id", () => {
    const second = { ...aChallenge(), challengeId: undefined, id: "first-steps" };
    expect(problemsOf({ challenges: [aChallenge(), second] })).toEqual([
      {
        path: "$.challenges[1].id",
        message:
          'is "first-steps", which is the id of the challenge at $.challenges[0].challengeId already; ' +
          "each challenge in the catalog needs an id of its own",
      },
      {
        path: "$.challenges[1].goals[0].goalId",
        message: expect.stringContaining("the goal at $.challenges[0].goals[0].goalId already"),
      },
    ]);
  });

  it("finds prerequisites in other challenges, also in later ones", () => {
    const first = aChallenge({
      challengeId: "a",
      goals: [aGoal({ goalId: "a", prerequisites: ["b"] })],
    });
    const second = aChallenge({ challengeId: "b", goals: [aGoal({ goalId: "b" })] });
    expect(parseCatalog({ challenges: [first, second] })).toMatchObject({ ok: true });
  });

  it("names a circle of prerequisites once", () => {
    const goals = [
      aGoal({ goalId: "a", prerequisites: ["b"] }),
      aGoal({ goalId: "b", prerequisites: ["c"] }),
      aGoal({ goalId: "c", prerequisites: ["a"] }),
      aGoal({ goalId: "d", prerequisites: ["a"] }),
    ];
    expect(problemsOf({ challenges: [aChallenge({ goals })] })).toEqual([
      {
        path: "$.challenges[0].goals[0].prerequisites",
        message:
          'make a circle: "a" needs "b" needs "c" needs "a"; nobody could ever claim one of them',
      },
    ]);
  });

  it("finds links of goals that have problems of their own", () => {
    const broken = { ...aGoal({ goalId: "broken", prerequisites: ["nobody"] }), name: 5 };
    const needsBroken = aGoal({ goalId: "other", prerequisites: ["broken"] });
    const problems = problemsOf({
      challenges: [{ ...aChallenge(), goals: [broken, needsBroken] }],
    });
    expect(problems.map((problem) => problem.path)).toEqual([
      "$.challenges[0].goals[0].name",
      "$.challenges[0].goals[0].prerequisites[0]",
    ]);
  });

  it("allows 5,000 goals and no more", () => {
    const goals = Array.from({ length: 5_001 }, (_, index) => aGoal({ goalId: `goal-${index}` }));
    expect(problemsOf({ challenges: [aChallenge({ goals })] })).toEqual([
      { path: "$.challenges", message: "hold 5001 goals; at most 5000 are allowed" },
    ]);
    expect(parseCatalog({ challenges: [aChallenge({ goals: goals.slice(1) })] }).ok).toBe(true);
  });
});

describe("a document full of problems", () => {
  const goals = Array.from({ length: 5_000 }, (_, index) =>
    aGoal({ goalId: `${"ab".repeat(45)}${index}`, prerequisites: [`${"ba".repeat(45)}${index}`] }),
  );

  it("lists the first of them and counts the rest", () => {
    const problems = problemsOf({ challenges: [aChallenge({ goals })] });
    expect(problems).toHaveLength(PROBLEMS_MAX + 1);
    expect(problems.at(-1)).toEqual({
      path: "$",
      message: "has 4800 more problems, not listed here; fix the ones above first",
    });
  });

  it("is refused in about the time of a good one, however much its names look alike", () => {
    const startedAt = performance.now();
    problemsOf({ challenges: [aChallenge({ goals })] });
    expect(performance.now() - startedAt).toBeLessThan(900);
  });

  it("shows long text in part", () => {
    const [problem] = problemsOf({ ["k".repeat(5_000)]: 1, challenges: [aChallenge()] });
    expect(JSON.stringify(problem).length).toBeLessThan(300);
  });
});

function problemsOf(input: unknown): Problem[] {
  const parsed = parseCatalog(input);
  return parsed.ok ? [] : parsed.problems;
}
