import { existsSync, readFileSync } from "node:fs";

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { parseCatalog } from "../src/core/parse-catalog.ts";
import { anyCatalogText, mutations } from "../test/support/catalog-texts.ts";
import { schemaProblems } from "../test/support/json-schema-problems.ts";
import { catalogSchema } from "./catalog-schema.ts";

const schema = catalogSchema();

/** What takes more than one field, or a calendar, to see; the page says so. */
const BEYOND_A_SCHEMA = [
  "each challenge in the catalog needs an id of its own",
  "each goal in the catalog needs an id of its own",
  "but no goal has this id",
  "a goal cannot wait for itself",
  "make a circle",
  "must be later than startsAt",
  "cannot reset a goal in mode absolute",
  "must be an IANA time zone",
  "must be a date and time with its offset",
];

describe("the schema and the parser", () => {
  it("agree about any catalog in the current form, whole or with something wrong in it", () => {
    const verdicts: string[] = [];
    fc.assert(
      fc.property(anyCatalogText, mutations, (catalog, mutate) => {
        const input = mutate(catalog);
        const [byParser, bySchema] = [parserVerdict(input), schemaVerdict(input)];
        verdicts.push(byParser);
        expect(byParser === "beyond a schema" ? byParser : bySchema).toBe(byParser);
      }),
      { numRuns: 2_000 },
    );
    for (const verdict of ["valid", "invalid", "beyond a schema"]) {
      expect(verdicts.filter((each) => each === verdict).length, verdict).toBeGreaterThan(50);
    }
  });

  it("agree where in the document something is wrong", () => {
    const places = [
      [{ goalId: 7 }, ".goalId"],
      [{ goalId: "x".repeat(101) }, ".goalId"],
      [{ goalId: "a\u0007" }, ".goalId"],
      [{ name: "" }, ".name"],
      [{ description: null }, ".description"],
      [{ eventSource: "statistics" }, ".eventSource"],
      [{ prerequisites: ["a", 1] }, ".prerequisites[1]"],
      [{ colour: "red" }, ".colour"],
      [{ requirement: { ...requirement, targetValue: 0 } }, ".requirement.targetValue"],
      [{ requirement: { ...requirement, progressMode: "dayz" } }, ".requirement.progressMode"],
      [{ reward: { ...reward, quantity: 1.5 } }, ".reward.quantity"],
      [{ rotation: { ...rotation, resetTime: "24:00" } }, ".rotation.resetTime"],
      [{ rotation: { ...rotation, weekday: 8 } }, ".rotation.weekday"],
      [{ rotation: { ...rotation, claimGraceSeconds: -1 } }, ".rotation.claimGraceSeconds"],
      [{ rotation: { ...rotation, onExpiry: [] } }, ".rotation.onExpiry"],
      [{ rotation: { ...rotation, enabled: undefined } }, ".rotation.enabled"],
    ] as const;
    for (const [wish, place] of places) {
      const input: unknown = JSON.parse(JSON.stringify(aDocument({ ...goal, ...wish })));
      const path = `$.challenges[0].goals[0]${place}`;
      const parsed = parseCatalog(input);
      const problems = parsed.ok ? [] : parsed.problems.map((problem) => problem.path);
      expect(problems).toContain(path);
      expect(schemaProblems(schema, input)).toEqual([path]);
    }
  });

  it("part ways over the legacy form, which the parser alone reads", () => {
    const { goalId: id, ...rest } = goal;
    const input = aDocument({ ...rest, id });
    expect(parseCatalog(input).ok).toBe(true);
    expect(schemaProblems(schema, input)).toEqual([
      "$.challenges[0].goals[0].goalId",
      "$.challenges[0].goals[0].id",
    ]);
  });
});

describe("valid by the schema", () => {
  it("is the sample as it is written", () => {
    expect(schemaVerdict(read("catalog.sample.json"))).toBe("valid");
  });

  it.for(["suite-current.json", "suite-legacy-500-goals.json"])(
    "is %s when it is read back",
    (file, { skip }) => {
      const path = `../../shared/fixtures/${file}`;
      if (!existsSync(new URL(path, import.meta.url))) skip(`${file} is not beside this checkout`);
      const parsed = parseCatalog(read(path));
      expect(parsed.ok && schemaVerdict(parsed.document)).toBe("valid");
    },
  );
});

const requirement = { statCode: "kills", operator: ">=", targetValue: 10, progressMode: "count" };
const reward = { type: "WALLET", rewardId: "GOLD", quantity: 1 };
const rotation = { enabled: true, type: "global", schedule: "daily" };
const goal = {
  goalId: "a",
  name: "A",
  description: "",
  eventSource: "login",
  requirement,
  reward,
  rotation,
};

function aDocument(...goals: unknown[]): unknown {
  return { challenges: [{ challengeId: "c", name: "C", description: "", goals }] };
}

function parserVerdict(input: unknown): "valid" | "invalid" | "beyond a schema" {
  const parsed = parseCatalog(input);
  if (parsed.ok) return "valid";
  const isBeyond = parsed.problems.every(({ message }) =>
    BEYOND_A_SCHEMA.some((part) => message.includes(part)),
  );
  return isBeyond ? "beyond a schema" : "invalid";
}

function schemaVerdict(input: unknown): "valid" | "invalid" {
  return schemaProblems(schema, input).length === 0 ? "valid" : "invalid";
}

function read(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
}
