import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { anyCatalog, anyInstant } from "../../test/support/arbitraries.ts";
import { anyRows } from "../../test/support/arbitrary-rows.ts";
import { aCatalog, aChallenge, aGoal, aRow } from "../../test/support/builders.ts";
import { documentText } from "../../test/support/document-text.ts";
import { DAY_MS, noon } from "../../test/support/player-builders.ts";
import type { Catalog, ChallengeEntry, GoalEntry } from "./catalog.ts";
import { goalState, rolledRows, type ViewOptions } from "./goal-state.ts";
import type { GoalRow, Rows } from "./player.ts";
import { challengeDocument, challengesDocument } from "./view.ts";

const options = { now: noon, claimGraceMs: 7 * DAY_MS };

/** The document as one would write it without caring for speed. */
function plainDocument(catalog: Catalog, rows: readonly GoalRow[], options: ViewOptions): unknown {
  const rolled = rolledRows(catalog, rows, options.now);
  const challenges = [...catalog.challenges.values()]
    .filter((entry) => isSeen(entry, options))
    .map((entry) => plainChallenge(entry, rolled, options))
    .filter(({ goals }) => options.activeOnly !== true || goals.length > 0);
  return roundTrip({ ...plainHead(catalog, options), challenges });
}

function plainHead(catalog: Catalog, { now }: ViewOptions) {
  return { catalogVersion: catalog.version, serverTime: new Date(now).toISOString() };
}

function isSeen({ challenge }: ChallengeEntry, options: ViewOptions): boolean {
  const { now, claimGraceMs, includeUpcoming } = options;
  const isUpcoming = challenge.startsAt !== null && now < Date.parse(challenge.startsAt);
  if (isUpcoming) return includeUpcoming === true;
  return challenge.endsAt === null || now < Date.parse(challenge.endsAt) + claimGraceMs;
}

function plainChallenge({ challenge, goals }: ChallengeEntry, rows: Rows, options: ViewOptions) {
  const all = goals.map((entry) => plainGoal(entry, rows, options.now));
  const isWanted = (goal: { isActive: boolean }) => options.activeOnly !== true || goal.isActive;
  return { ...challenge, goals: all.filter(isWanted) };
}

function plainGoal(entry: GoalEntry, rows: Rows, now: number) {
  return { ...entry.goal, ...goalState(entry, rows, now) };
}

/** What a client reads of the bytes, and by the way that they have no blank and no escape that JSON.stringify has not. */
function parsed(bytes: Uint8Array): unknown {
  const text = documentText(bytes);
  const value: unknown = JSON.parse(text);
  expect(JSON.stringify(value)).toBe(text);
  return value;
}

function roundTrip(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

const anyPlayer = anyCatalog.chain((catalog) =>
  fc.record({
    catalog: fc.constant(catalog),
    rows: fc.oneof(fc.constant([]), anyRows(catalog), anyRows(catalog)),
    options: fc.record({
      now: anyInstant,
      claimGraceMs: fc.constantFrom(0, DAY_MS),
      activeOnly: fc.boolean(),
      includeUpcoming: fc.boolean(),
    }),
  }),
);

describe("the spliced document", () => {
  it("of all challenges is the plain one, whatever the catalog and the rows", () => {
    fc.assert(
      fc.property(anyPlayer, ({ catalog, rows, options }) => {
        const spliced = parsed(challengesDocument(catalog, rows, options));
        expect(spliced).toEqual(plainDocument(catalog, rows, options));
      }),
      { numRuns: 400 },
    );
  });

  it("of one challenge is the plain one with all goals, or none where players see no such challenge", () => {
    fc.assert(
      fc.property(anyPlayer, ({ catalog, rows, options }) => {
        const rolled = rolledRows(catalog, rows, options.now);
        for (const entry of catalog.challenges.values()) {
          const { challengeId } = entry.challenge;
          const spliced = challengeDocument(catalog, challengeId, rows, options);
          const challenge = plainChallenge(entry, rolled, { ...options, activeOnly: false });
          const plain = roundTrip({ ...plainHead(catalog, options), challenge });
          expect(spliced === null ? null : parsed(spliced)).toEqual(
            isSeen(entry, options) ? plain : null,
          );
        }
      }),
      { numRuns: 100 },
    );
  });

  it("has its fields in the order of the contract", () => {
    const text = documentText(challengesDocument(aCatalog(aGoal({ rotation: {} })), [], options));
    const names = [...text.matchAll(/"([a-zA-Z]+)":/g)].map(([, name]) => name);
    expect(names.join(" ")).toBe(
      "catalogVersion serverTime challenges challengeId name description tags startsAt endsAt goals " +
        "goalId name description eventSource defaultAssigned " +
        "requirement statCode operator targetValue progressMode reward type rewardId quantity prerequisites " +
        "rotation enabled type schedule timeZone resetTime weekday dayOfMonth claimGraceSeconds " +
        "onExpiry resetProgress allowReselection " +
        "progress status isActive locked assignedAt completedAt claimedAt expiresAt expiresInSeconds claimPending lateClaim",
    );
  });

  it("survives names that look like its own text", () => {
    const name = '"],"goals":[{\\ \u2028 😀 </script> \ud800';
    const catalog = aCatalog(aGoal({ name, description: name }));
    expect(parsed(challengesDocument(catalog, [], options))).toMatchObject({
      challenges: [{ goals: [{ name, description: name }] }],
    });
  });

  it("has each state at its goal, also where characters before it take several bytes", () => {
    const named = (goalId: string, name: string) => aGoal({ goalId, name, description: name });
    const goals = [named("a", "é"), named("b", "☃☃"), named("c", "😀"), named("d", "ü😀")];
    const catalog = aCatalog(aChallenge({ name: "Ж", tags: ["日本"], goals }));
    const rows = [
      aRow({ goalId: "d", progress: 4 }),
      aRow({ goalId: "b", progress: 2 }),
      aRow({ goalId: "c", progress: 3 }),
    ];
    for (const activeOnly of [false, true]) {
      const wish = { ...options, activeOnly };
      const document = parsed(challengesDocument(catalog, rows, wish));
      expect(document).toEqual(plainDocument(catalog, rows, wish));
    }
  });

  it("unlocks a goal by a row of another challenge, be it an earlier or a later one", () => {
    const chain = (challengeId: string, other: string) => {
      const goals = [
        aGoal({ goalId: `${challengeId}/first` }),
        aGoal({ goalId: `${challengeId}/second`, prerequisites: [`${other}/first`] }),
      ];
      return aChallenge({ challengeId, goals });
    };
    const catalog = aCatalog(chain("one", "two"), chain("two", "one"));
    const lockedAfter = (goalId: string) => {
      const rows = [aRow({ goalId, status: "completed", completedAt: noon })];
      const text = documentText(challengesDocument(catalog, rows, options));
      const goals = [...text.matchAll(/"goalId":"([^"]+)".*?"locked":(true|false)/g)];
      return goals.filter(([, , isLocked]) => isLocked === "true").map(([, goal]) => goal);
    };
    expect(lockedAfter("one/first")).toEqual(["one/second"]);
    expect(lockedAfter("two/first")).toEqual(["two/second"]);
    expect(lockedAfter("removed")).toEqual(["one/second", "two/second"]);
  });
});

describe("which challenges the document shows", () => {
  const catalog = aCatalog(
    aGoal(),
    aChallenge({
      challengeId: "upcoming",
      startsAt: "2026-03-11T00:00:00Z",
      goals: [aGoal({ goalId: "soon", defaultAssigned: true })],
    }),
    aChallenge({
      challengeId: "ended",
      endsAt: "2026-03-09T00:00:00Z",
      goals: [aGoal({ goalId: "over", defaultAssigned: true })],
    }),
  );

  function shown(wish: Partial<ViewOptions>, rows: readonly GoalRow[] = []): string[] {
    const document: { challenges: { challengeId: string; goals: { goalId: string }[] }[] } =
      JSON.parse(documentText(challengesDocument(catalog, rows, { ...options, ...wish })));
    return document.challenges.flatMap(({ challengeId, goals }) =>
      goals.map(({ goalId }) => `${challengeId}/${goalId}`),
    );
  }

  it("are those that have started, until their claims close", () => {
    expect(shown({})).toEqual(["first-steps/ten-kills", "ended/over"]);
    expect(shown({ claimGraceMs: DAY_MS })).toEqual(["first-steps/ten-kills"]);
  });

  it("are upcoming ones too when asked for, without activation", () => {
    const all = ["first-steps/ten-kills", "upcoming/soon", "ended/over"];
    expect(shown({ includeUpcoming: true })).toEqual(all);
    expect(shown({ includeUpcoming: true, activeOnly: true })).toEqual(["ended/over"]);
    const row = aRow({ goalId: "soon", challengeId: "upcoming" });
    expect(shown({ includeUpcoming: true, activeOnly: true }, [row])).toEqual(["ended/over"]);
  });

  it("are only those with active goals, and only these goals, when asked for", () => {
    expect(shown({ activeOnly: true })).toEqual(["ended/over"]);
    const off = aRow({ goalId: "over", challengeId: "ended", isActive: false });
    expect(shown({ activeOnly: true }, [aRow(), off])).toEqual(["first-steps/ten-kills"]);
    expect(shown({ activeOnly: true }, [off])).toEqual([]);
  });

  it("is none by an id that there is not", () => {
    expect(challengeDocument(catalog, "nope", [], options)).toBeNull();
    expect(challengeDocument(catalog, "upcoming", [], options)).toBeNull();
  });
});
