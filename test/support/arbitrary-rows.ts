import * as fc from "fast-check";

import type { Catalog, GoalEntry } from "../../src/core/catalog.ts";
import type { GoalRow } from "../../src/core/player.ts";
import { periodOf } from "../../src/core/rotation.ts";
import { anyInstant } from "./arbitraries.ts";
import { aRow } from "./builders.ts";
import { aClaim, aLateClaim, HOUR_MS } from "./player-builders.ts";

/** Rows that Postgres could hold of a player, in any order: every field on its own, whether or not a history leads there. */
export function anyRows(catalog: Catalog): fc.Arbitrary<readonly GoalRow[]> {
  const rows = [...catalog.goals.values()].map((entry) => fc.option(anyRow(entry), { freq: 3 }));
  const removed = fc.constant(aRow({ goalId: "removed", progress: 4, status: "in_progress" }));
  return fc
    .tuple(fc.option(removed), ...rows)
    .map((all) => all.filter((row): row is GoalRow => row !== null))
    .chain((all) => fc.shuffledSubarray(all, { minLength: all.length }));
}

function anyRow(entry: GoalEntry): fc.Arbitrary<GoalRow> {
  const { goalId } = entry.goal;
  const { challengeId } = entry.challenge.challenge;
  const maybe = fc.option(anyInstant);
  return fc
    .record({
      status: fc.constantFrom("not_started", "in_progress", "completed", "claimed"),
      isActive: fc.boolean(),
      progress: fc.oneof(
        fc.integer({ min: 0, max: 12 }),
        fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
      ),
      eventCount: fc.nat(),
      assignedAt: maybe,
      completedAt: anyInstant,
      claimedAt: maybe,
      period: anyPeriod(entry),
      lateClaim: fc.option(fc.record({ completedAt: anyInstant, until: anyInstant }), { freq: 1 }),
      openClaim: fc.option(fc.record({ completedAt: anyInstant, isOwn: fc.boolean() }), {
        freq: 1,
      }),
    })
    .map(({ period, lateClaim, openClaim, completedAt, ...row }) => {
      const isDone = row.status === "completed" || row.status === "claimed";
      const claimed = openClaim?.isOwn === true ? completedAt : (openClaim?.completedAt ?? 0);
      return aRow({
        ...row,
        ...period,
        challengeId,
        goalId,
        completedAt: isDone ? completedAt : null,
        lateClaim: lateClaim === null ? null : aLateClaim(lateClaim),
        openClaim: openClaim === null ? null : aClaim({ completedAt: claimed }),
      });
    });
}

/** None, one of the goal's rule, or one that a rule had before it was edited, with an end of its own. */
function anyPeriod(
  entry: GoalEntry,
): fc.Arbitrary<{ period: string | null; periodEndsAt: number | null }> {
  const none = fc.constant({ period: null, periodEndsAt: null });
  const former = fc.tuple(anyInstant, fc.integer({ min: 1, max: 48 })).map(([startsAt, hours]) => {
    const period = `${new Date(startsAt).toISOString().slice(0, 13)}:00:00Z`;
    return { period, periodEndsAt: Date.parse(period) + hours * HOUR_MS };
  });
  const { rotation } = entry;
  if (rotation === null) return fc.oneof(none, former);
  const own = anyInstant.map((instant) => {
    const { id, endsAt } = periodOf(rotation, instant);
    return { period: id, periodEndsAt: endsAt };
  });
  return fc.oneof(none, former, own, own);
}
