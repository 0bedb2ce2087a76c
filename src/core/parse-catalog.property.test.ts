import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { aChallenge, aGoal } from "../../test/support/builders.ts";
import type { CatalogDocument } from "./catalog.ts";
import { parseCatalog } from "./parse-catalog.ts";

describe("any accepted document", () => {
  it("parses to itself", () => {
    fc.assert(
      fc.property(anyCatalog(), (input) => {
        const document = documentOf(input);
        expect(documentOf(JSON.parse(JSON.stringify(document)))).toEqual(document);
      }),
      { numRuns: 100 },
    );
  });

  it("is never an exception, whatever JSON comes in", () => {
    const anyKey = fc.constantFrom("challenges", "goals", "id", "requirement", "rotation", "x");
    const anyJson = fc.letrec((tie) => ({
      value: fc.oneof(
        fc.jsonValue({ maxDepth: 1 }),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(anyKey, tie("value"), { maxKeys: 5 }),
      ),
    })).value;
    fc.assert(
      fc.property(anyJson, (input) => {
        expect(parseCatalog({ challenges: [{ goals: [input] }] })).toMatchObject({ ok: false });
        expect(parseCatalog(input)).toMatchObject({ ok: false });
      }),
      { numRuns: 300 },
    );
  });

  it("takes well under a second with 5,000 goals that all link and rotate", () => {
    const goals = Array.from({ length: 5_000 }, (_, index) =>
      aGoal({
        goalId: `goal-${index}`,
        description: "x".repeat(1_200),
        prerequisites: index === 0 ? [] : [`goal-${index - 1}`],
        requirement: { progressMode: "count" },
        rotation: { timeZone: "Europe/Berlin" },
      }),
    );
    const startedAt = performance.now();
    expect(parseCatalog({ challenges: [aChallenge({ goals })] }).ok).toBe(true);
    expect(performance.now() - startedAt).toBeLessThan(900);
  });
});

function documentOf(input: unknown): CatalogDocument {
  const parsed = parseCatalog(input);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems, null, 2));
  return parsed.document;
}

/** Catalogs of both forms mixed, with optional fields absent, null or written. */
function anyCatalog(): fc.Arbitrary<unknown> {
  const anyId = fc.stringMatching(/^[a-z]{1,8}$/);
  const anyGoal = fc.record(
    {
      name: fc.string({ minLength: 1, unit: "grapheme" }),
      description: fc.string({ unit: "grapheme" }),
      eventSource: fc.constantFrom("login", "statistic"),
      requirement: fc.record(
        {
          stat_code: anyId,
          operator: fc.constant(">="),
          targetValue: fc.double({ min: 1e-6, max: 1e12, noNaN: true }),
          progressMode: fc.constantFrom(null, "relative", "count", "days"),
        },
        { requiredKeys: ["stat_code", "operator", "targetValue"] },
      ),
      reward: fc.record({
        type: fc.constantFrom("ITEM", "WALLET"),
        rewardId: anyId,
        quantity: fc.integer({ min: 1 }),
      }),
      type: fc.constantFrom("increment", "daily"),
      daily: fc.constantFrom(true, false, null),
      default_assigned: fc.boolean(),
      rotation: fc.record(
        {
          enabled: fc.boolean(),
          type: fc.constant("global"),
          schedule: fc.constantFrom("daily", "weekly", "monthly"),
          time_zone: fc.constantFrom(null, "Europe/Berlin", "UTC"),
          claimGraceSeconds: fc.nat(315_360_000),
        },
        { requiredKeys: ["enabled", "type", "schedule"] },
      ),
    },
    { requiredKeys: ["name", "description", "eventSource", "requirement", "reward", "type"] },
  );
  const anyGoals = fc.uniqueArray(fc.tuple(anyId, anyGoal), {
    minLength: 1,
    maxLength: 6,
    selector: ([id]) => id,
  });
  const anyDate = fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true });
  return fc.tuple(anyGoals, fc.option(anyDate)).map(([goals, startsAt]) => ({
    challenges: [
      {
        id: "mixed",
        name: "Mixed",
        description: "",
        starts_at: startsAt?.toISOString(),
        goals: goals.map(([id, goal], index) => ({
          ...goal,
          [index % 2 === 0 ? "id" : "goalId"]: id,
          prerequisites: index === 0 ? [] : [goals[index - 1]?.[0]],
        })),
      },
    ],
  }));
}
