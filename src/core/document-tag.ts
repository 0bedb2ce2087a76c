import type { Catalog } from "./catalog.ts";
import { lateUntil } from "./completion.ts";
import { fnv1a } from "./fnv1a.ts";
import type { ViewOptions } from "./goal-state.ts";
import type { GoalRow, PlayerKey, PlayerView } from "./player.ts";
import { isCompletedByRoll } from "./roll.ts";
import { periodOf } from "./rotation.ts";

/**
 * Opaque text that is equal for two reads only if their documents are equal, but for serverTime and expiresInSeconds.
 *
 * Made of the player, the catalog version, the position of the last operation that changed the player, and the last
 * instant at which something changed by time alone.
 */
export function documentTag(
  catalog: Catalog,
  player: PlayerKey,
  view: PlayerView,
  options: ViewOptions,
): string {
  const mark = lastChangeAt(catalog, view.rows, options);
  const who = fnv1a(JSON.stringify([player.namespace, player.userId])).toString(36);
  const parts = [catalog.version.slice(0, 16), who, view.position.toString(36), mark.toString(36)];
  return parts.join(".");
}

/** The last instant up to now at which time alone changed something that this player's document shows. */
function lastChangeAt(
  catalog: Catalog,
  rows: readonly GoalRow[],
  { now, claimGraceMs }: ViewOptions,
): number {
  let last = catalogChangeAt(catalog, now, claimGraceMs);
  for (const row of rows) {
    for (const instant of boundariesOf(catalog, row, now)) {
      if (instant !== null && instant <= now) last = Math.max(last, instant);
    }
  }
  return last;
}

/** The instants at which this row shows something else than before, though no operation touches it. */
function boundariesOf(catalog: Catalog, row: GoalRow, now: number): (number | null)[] {
  const boundaries = [row.lateClaim?.until ?? null];
  const entry = catalog.goals.get(row.goalId);
  if (entry === undefined) return boundaries;
  // The row remembers the end of its period: a rule that was edited since has other boundaries.
  if (entry.rotation !== null) boundaries.push(row.periodEndsAt, lateUntil(entry, row));
  // A read completes the goal whose target was lowered, each read at its own instant until an operation does it.
  if (isCompletedByRoll(entry, row)) boundaries.push(now);
  return boundaries;
}

interface TimeMark {
  readonly claimGraceMs: number;
  readonly from: number;
  readonly until: number;
}

/** Period starts and challenge windows are the same for everybody: looked up once per boundary. */
const marks = new WeakMap<Catalog, TimeMark>();

function catalogChangeAt(catalog: Catalog, now: number, claimGraceMs: number): number {
  const known = marks.get(catalog);
  const isKnown = known !== undefined && known.claimGraceMs === claimGraceMs;
  if (isKnown && now >= known.from && now < known.until) return known.from;
  let from = 0;
  let until = Infinity;
  const boundary = (instant: number) => {
    if (!Number.isFinite(instant)) return;
    if (instant <= now) from = Math.max(from, instant);
    else until = Math.min(until, instant);
  };
  for (const challenge of catalog.challenges.values()) {
    boundary(challenge.startsAtMs);
    boundary(challenge.endsAtMs);
    boundary(challenge.endsAtMs + claimGraceMs);
    for (const { rotation } of challenge.goals) {
      if (rotation === null) continue;
      const period = periodOf(rotation, now);
      boundary(period.startsAt);
      boundary(period.endsAt);
    }
  }
  marks.set(catalog, { claimGraceMs, from, until });
  return from;
}
