import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { anyCatalog, anyInstant } from "../../test/support/arbitraries.ts";
import { anyRows } from "../../test/support/arbitrary-rows.ts";
import { aCatalog, aChallenge, aGoal, aRow } from "../../test/support/builders.ts";
import { documentText } from "../../test/support/document-text.ts";
import { aLateClaim, aPlayer, DAY_MS, HOUR_MS, noon } from "../../test/support/player-builders.ts";
import { type Catalog, indexCatalog } from "./catalog.ts";
import { documentTag } from "./document-tag.ts";
import { progressLines } from "./player-goals.ts";
import type { GoalRow, PlayerKey } from "./player.ts";
import { challengesDocument } from "./view.ts";

const claimGraceMs = 7 * DAY_MS;
const midnight = Date.UTC(2026, 2, 11);

interface Reading {
  readonly catalog?: Catalog;
  readonly player?: Partial<PlayerKey>;
  readonly rows?: readonly GoalRow[];
  readonly position?: number;
  readonly now?: number;
  readonly graceMs?: number;
}

const plain = aCatalog(aGoal());

function tag({
  catalog = plain,
  player = {},
  rows = [],
  position = 5,
  now = noon,
  graceMs = claimGraceMs,
}: Reading = {}): string {
  const options = { now, claimGraceMs: graceMs };
  return documentTag(catalog, aPlayer(player), { rows, position }, options);
}

describe("two reads of a player with equal tags", () => {
  /** What a client sees, without the two fields that move with every second. */
  function seen(catalog: Catalog, rows: readonly GoalRow[], now: number): string[] {
    const options = { now, claimGraceMs };
    return [{}, { activeOnly: true }, { includeUpcoming: true }].flatMap((filter) => [
      documentText(challengesDocument(catalog, rows, { ...options, ...filter }))
        .replaceAll(/"serverTime":"[^"]*"/g, "")
        .replaceAll(/"expiresInSeconds":\d+/g, ""),
      JSON.stringify(progressLines(catalog, rows, options)),
    ]);
  }

  it("have equal documents, but for serverTime and expiresInSeconds", () => {
    const anyReads = anyCatalog.chain((catalog) =>
      fc.record({
        catalog: fc.constant(catalog),
        rows: anyRows(catalog),
        first: anyInstant,
        laterMs: fc.oneof(
          fc.constantFrom(1, 1_000, HOUR_MS, 5 * HOUR_MS, DAY_MS),
          fc.integer({ min: 1, max: 3 * DAY_MS }),
        ),
      }),
    );
    let equal = 0;
    fc.assert(
      fc.property(anyReads, ({ catalog, rows, first, laterMs }) => {
        const second = first + laterMs;
        if (tag({ catalog, rows, now: first }) !== tag({ catalog, rows, now: second })) return;
        equal += 1;
        expect(seen(catalog, rows, second)).toEqual(seen(catalog, rows, first));
      }),
      { numRuns: 1_000 },
    );
    // The property says nothing unless it often meets equal tags.
    expect(equal).toBeGreaterThan(100);
  });
});

describe("the tag stays", () => {
  it("while nothing happens, at any instant between two boundaries, whichever is read first", () => {
    const catalog = aCatalog(aGoal({ rotation: {}, requirement: { progressMode: "count" } }));
    const tags = [noon, midnight - 1, midnight - DAY_MS, noon].map((now) => tag({ catalog, now }));
    expect(new Set(tags).size).toBe(1);
  });

  it("is fit for a header: letters, digits and dots", () => {
    expect(tag({ player: { userId: '"\r\n😀' } })).toMatch(/^[a-z0-9.]+$/);
  });
});

describe("the tag changes", () => {
  it("with the player, the namespace, the catalog and the position", () => {
    const other = indexCatalog(plain.document, "0".repeat(64));
    const tags = [
      tag(),
      tag({ player: { userId: "bob" } }),
      tag({ player: { namespace: "other" } }),
      tag({ player: { namespace: "aren", userId: "aada" } }),
      tag({ catalog: other }),
      tag({ position: 6 }),
    ];
    expect(new Set(tags).size).toBe(tags.length);
  });

  it("between players, all of many", () => {
    const tags = Array.from({ length: 2_000 }, (_, index) =>
      tag({ player: { userId: `player-${index}` } }),
    );
    expect(new Set(tags).size).toBe(tags.length);
  });

  it("where a period begins", () => {
    const catalog = aCatalog(aGoal({ rotation: {}, requirement: { progressMode: "count" } }));
    expect(tag({ catalog, now: midnight })).not.toBe(tag({ catalog, now: midnight - 1 }));
  });

  it("where a challenge starts, ends, and disappears", () => {
    const startsAt = "2026-03-11T00:00:00Z";
    const catalog = aCatalog(aChallenge({ startsAt, endsAt: "2026-03-12T00:00:00Z" }));
    const boundaries = [midnight, midnight + DAY_MS, midnight + DAY_MS + claimGraceMs];
    for (const at of boundaries) {
      expect(tag({ catalog, now: at })).not.toBe(tag({ catalog, now: at - 1 }));
    }
    const graceMs = 2 * DAY_MS;
    const over = midnight + DAY_MS + graceMs;
    expect(tag({ catalog, graceMs, now: over })).not.toBe(tag({ catalog, graceMs, now: over - 1 }));
  });

  it("where a late claim runs out", () => {
    const rows = [aRow({ lateClaim: aLateClaim({ until: midnight }) })];
    expect(tag({ rows, now: midnight })).not.toBe(tag({ rows, now: midnight - 1 }));
  });

  it("where a period ends that the row remembers from a rule edited since", () => {
    const requirement = { progressMode: "count" } as const;
    const catalog = aCatalog(aGoal({ rotation: { resetTime: "05:00" }, requirement }));
    const rows = [aRow({ period: "2026-03-10T00:00:00Z", periodEndsAt: midnight, progress: 3 })];
    expect(tag({ catalog, rows, now: midnight })).not.toBe(
      tag({ catalog, rows, now: midnight - 1 }),
    );
  });

  it("where a late claim runs out that no operation has written down yet", () => {
    const requirement = { progressMode: "count" } as const;
    const rotation = { claimGraceSeconds: 7_200 };
    const catalog = aCatalog(aGoal({ rotation, requirement }));
    const period = { period: "2026-03-10T00:00:00Z", periodEndsAt: midnight };
    const rows = [aRow({ ...period, status: "completed", completedAt: noon })];
    const until = midnight + 2 * HOUR_MS;
    expect(tag({ catalog, rows, now: until })).not.toBe(tag({ catalog, rows, now: until - 1 }));
  });

  it("with every instant while a read completes a goal whose target was lowered", () => {
    const rows = [aRow({ status: "in_progress", progress: 11 })];
    expect(tag({ rows, now: noon })).not.toBe(tag({ rows, now: noon + 1 }));
  });
});
