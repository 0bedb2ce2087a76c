import * as fc from "fast-check";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const anyId = fc.constantFrom("a", "b", "c", "d", "e", "f");
const anyText = fc.constantFrom("", "Ten kills", "two\nlines", "ü");
const anyInstantText = fc.constantFrom(
  "2026-12-01T00:00:00Z",
  "2026-12-02t01:30:00.250+01:30",
  "2027-01-01 00:00:00z",
);

const anyRotation = fc.record(
  {
    enabled: fc.boolean(),
    type: fc.constant("global"),
    schedule: fc.constantFrom("daily", "weekly", "monthly"),
    timeZone: fc.constantFrom(null, "UTC", "Europe/Berlin"),
    resetTime: fc.constantFrom(null, "00:00", "23:59"),
    weekday: fc.option(fc.integer({ min: 1, max: 7 })),
    dayOfMonth: fc.option(fc.integer({ min: 1, max: 31 })),
    onExpiry: fc.option(
      fc.record(
        { resetProgress: fc.option(fc.boolean()), allowReselection: fc.option(fc.boolean()) },
        { requiredKeys: [] },
      ),
    ),
    claimGraceSeconds: fc.option(fc.nat(315_360_000)),
  },
  { requiredKeys: ["enabled", "type", "schedule"] },
);

const anyGoal = fc.record(
  {
    goalId: anyId,
    name: fc.constantFrom("A", "Ten kills"),
    description: anyText,
    eventSource: fc.constantFrom("login", "statistic"),
    defaultAssigned: fc.option(fc.boolean()),
    requirement: fc.record(
      {
        statCode: anyId,
        operator: fc.constant(">="),
        targetValue: fc.double({ min: 1e-6, max: 1e12, noNaN: true }),
        progressMode: fc.constantFrom(null, "absolute", "relative", "count", "days"),
      },
      { requiredKeys: ["statCode", "operator", "targetValue"] },
    ),
    reward: fc.record({
      type: fc.constantFrom("ITEM", "WALLET"),
      rewardId: anyId,
      quantity: fc.integer({ min: 1 }),
    }),
    prerequisites: fc.option(fc.array(anyId, { maxLength: 1 })),
    rotation: fc.option(anyRotation),
  },
  { requiredKeys: ["goalId", "name", "description", "eventSource", "requirement", "reward"] },
);

const anyChallenge = fc.record(
  {
    challengeId: anyId,
    name: fc.constantFrom("C", "Season"),
    description: anyText,
    tags: fc.option(fc.array(fc.constantFrom("daily", "season"), { maxLength: 2 })),
    startsAt: fc.option(anyInstantText),
    endsAt: fc.option(anyInstantText),
    goals: fc.uniqueArray(anyGoal, { minLength: 1, maxLength: 3, selector: (goal) => goal.goalId }),
  },
  { requiredKeys: ["challengeId", "name", "description", "goals"] },
);

/**
 * Catalogs in the current form, as an author may write them: optional fields absent, null or written. Each field keeps its
 * own rule; what lies between fields (ids, links, windows) may be wrong.
 */
export const anyCatalogText: fc.Arbitrary<Json> = fc.record(
  {
    $schema: fc.constant("../docs/catalog.schema.json"),
    challenges: fc.array(anyChallenge, { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: ["challenges"] },
);

/** What an author's hand may do to a document: nothing, or one change at a place somewhere inside. */
export const mutations: fc.Arbitrary<(document: Json) => Json> = fc.oneof(
  fc.constant((document: Json) => document),
  fc
    .tuple(fc.infiniteStream(fc.nat(20)), anyChange())
    .map(([steps, change]) => (document: Json) => {
      return changed(document, () => steps.next().value ?? 0, change);
    }),
);

type Change = { readonly kind: "drop" | "add" } | { readonly kind: "put"; readonly value: Json };

function anyChange(): fc.Arbitrary<Change> {
  const value: fc.Arbitrary<Json> = fc.constantFrom<Json>(
    null,
    true,
    0,
    -1,
    1.5,
    8,
    32,
    1e300,
    "",
    "a\u0000",
    "b\u0085",
    "x".repeat(101),
    "Daily",
    "24:00",
    "2026-13-01T00:00:00Z",
    "2026-12-01",
    "absolute",
    [],
    {},
    [null],
    ["a", ""],
  );
  return fc.oneof(
    fc.constant({ kind: "drop" as const }),
    fc.constant({ kind: "add" as const }),
    value.map((value) => ({ kind: "put" as const, value })),
  );
}

/** A copy with one member changed: at each level, `step` says which member, and whether to stop there. */
function changed(value: Json, step: () => number, change: Change): Json {
  if (typeof value !== "object" || value === null) return put(change, value);
  const keys = Object.keys(value);
  const key = keys[step() % Math.max(1, keys.length)];
  if (key === undefined) return put(change, value);
  const isHere = step() % 4 === 0;
  if (Array.isArray(value)) {
    const index = Number(key);
    if (isHere && change.kind === "drop") return value.toSpliced(index, 1);
    return value.with(index, inside(value[index] ?? null, isHere, step, change));
  }
  if (isHere && change.kind === "add") return { ...value, colour: "red" };
  const { [key]: member = null, ...rest } = value;
  if (isHere && change.kind === "drop") return rest;
  return { ...value, [key]: inside(member, isHere, step, change) };
}

function inside(member: Json, isHere: boolean, step: () => number, change: Change): Json {
  return isHere ? put(change, member) : changed(member, step, change);
}

function put(change: Change, before: Json): Json {
  return change.kind === "put" ? change.value : before;
}
