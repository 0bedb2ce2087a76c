import { facts, type Invariant, placeOf, rowInvariant } from "./invariant.ts";

/** What progress may be, given the events that were counted. */
export const PROGRESS_INVARIANTS: readonly Invariant[] = [
  rowInvariant(
    "amounts-are-finite",
    "Values are finite and not negative (a baseline may be): no JSON can carry the others, and no target is compared with them.",
    {
      // NaN is the greatest of all to Postgres, so this finds it too.
      breach: `NOT (p.progress >= 0 AND p.progress < 'Infinity' AND p.event_count >= 0)
        OR NOT (p.raw >= 0 AND p.raw < 'Infinity')
        OR NOT (p.baseline > '-Infinity' AND p.baseline < 'Infinity')`,
      shown: ["progress", "raw", "baseline", "event_count"],
    },
  ),
  rowInvariant(
    "progress-has-events",
    "Events alone move a goal, and the count of them is never reset: without one there is nothing but an empty row.",
    {
      breach: `p.event_count = 0 AND (p.status <> 'not_started' OR p.progress <> 0
        OR num_nonnulls(p.raw, p.baseline, p.last_event_at, p.last_day) > 0)`,
      shown: ["status", "progress", "raw", "baseline", "event_count"],
    },
  ),
  ofMode(
    "count-within-events",
    "In the modes count and days an event adds at most one: more progress than events means that one was applied twice.",
    {
      breach: "m.mode IN ('count', 'days') AND p.progress > p.event_count",
      shown: ["progress", "event_count"],
    },
  ),
  ofMode("absolute-is-raw", "In the mode absolute the progress is the last value, nothing else.", {
    breach: "m.mode = 'absolute' AND p.progress <> coalesce(p.raw, 0)",
    shown: ["progress", "raw"],
  }),
  ofMode(
    "relative-is-beyond-baseline",
    "In the mode relative the progress is what the last value is beyond the baseline, and 0 without a baseline.",
    {
      // The difference of the largest doubles would stop the query; the rules cut it to the largest.
      breach: `m.mode = 'relative' AND CASE
        WHEN p.baseline IS NULL THEN p.progress <> 0
        WHEN p.raw > 8e307 OR p.baseline < -8e307 THEN false
        ELSE p.progress <> greatest(0, p.raw - p.baseline) END`,
      shown: ["progress", "raw", "baseline"],
    },
  ),
];

/** An invariant of goals that never had another mode, `m`: a row does not tell in which mode it came to its progress. */
function ofMode(
  name: string,
  why: string,
  { breach, shown }: { readonly breach: string; readonly shown: readonly string[] },
): Invariant {
  const found = `${facts("m", ["mode"])} || ', ' || ${facts("p", shown)}`;
  const query = `SELECT ${placeOf("p")} AS place, ${found} AS found
    FROM goal_row p JOIN steady_mode m USING (namespace, goal_id) WHERE ${breach}`;
  return { name, why, query };
}
