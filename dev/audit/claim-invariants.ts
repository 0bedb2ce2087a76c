import { grantId, grantIds } from "./grant-key.ts";
import { facts, type Invariant, periodName, placeOf, rowInvariant } from "./invariant.ts";

const ROW = { namespace: "p.namespace", userId: "p.user_id", goalId: "p.goal_id" };
const IN_ROW = { ...ROW, period: "p.period", round: "p.round" };
const LATE = { ...ROW, period: "p.late_period", round: "p.late_round" };

/** As JSON; NULL, which is no breach of anything, for a row from before rows kept it. */
const SCHEDULE_OF_PERIOD =
  "CASE WHEN p.period IS NULL THEN 'null' ELSE to_json(p.schedule)::text END";

/** Each schedule with its longest period, an hour of daylight saving included. */
const SCHEDULES = `(VALUES ('null', NULL), ('"daily"', interval '25 hours'),
  ('"weekly"', interval '169 hours'), ('"monthly"', interval '745 hours')) AS s(schedule, longest)`;

/**
 * True of a row that is older than the line's claim.
 *
 * An erasure takes the row and leaves the line; a row that the player has since then knows nothing of the claim, rightly.
 * One that was never assigned counted nothing (active-was-assigned demands that), so that nothing of it was ever claimed.
 */
const IS_ROW_OF_THAT_TIME = "(p.assigned_at IS NOT NULL AND p.assigned_at <= g.created_at)";

/**
 * True of a player with a dead letter: what was claimed may be in it, where no row shows it, while the ledger does. Such a
 * player is looked up in the ledger before it is paid.
 */
const HAS_LETTER = `EXISTS (SELECT FROM dead_letter d WHERE d.namespace = p.namespace AND d.user_id = p.user_id)`;

/** What rows and ledger must say of each other; a flush writes both in one statement. */
export const CLAIM_INVARIANTS: readonly Invariant[] = [
  rowInvariant(
    "claimed-was-granted",
    "What is claimed was paid: there is a line of that instant, or, from before an erasure, one for a completion in that period.",
    {
      breach: `p.status = 'claimed' AND NOT EXISTS (
          SELECT FROM reward_grant g WHERE g.namespace = p.namespace AND g.user_id = p.user_id
            AND g.goal_id = p.goal_id AND g.state = 'granted' AND g.granted_at = p.claimed_at)
        AND NOT EXISTS (
          SELECT FROM reward_grant g CROSS JOIN ${SCHEDULES} WHERE g.namespace = p.namespace
            AND g.user_id IN (p.user_id, '') AND g.goal_id = p.goal_id AND g.state = 'granted'
            AND g.grant_id = ${grantId({ ...ROW, period: "g.period", round: "p.round" }, "s.schedule")}
            AND (g.period IS NULL OR (g.period <= ${periodName("p.completed_at")}
              AND (s.longest IS NULL OR g.period > ${periodName("p.completed_at - s.longest")}))))`,
      shown: ["period", "round", "claimed_at"],
    },
  ),
  joined(
    "granted-is-claimed",
    "What was paid for the period and round of the row shows as claimed: else it can be claimed again.",
    {
      breach: `g.state = 'granted' AND p.status <> 'claimed' AND g.period IS NOT DISTINCT FROM p.period
        AND CASE WHEN p.status = 'completed'
          THEN p.completed_at <= g.created_at AND g.grant_id = ANY(${grantIds(IN_ROW)})
          ELSE ${IS_ROW_OF_THAT_TIME} AND g.grant_id = ${grantId(IN_ROW, SCHEDULE_OF_PERIOD)} END`,
      shown: ["status", "period", "round", "completed_at"],
    },
  ),
  joined(
    "late-claim-is-unpaid",
    "A late claim is of a completion that nobody was paid for: claiming takes it out of the row.",
    {
      breach: `g.state = 'granted' AND g.period IS NOT DISTINCT FROM p.late_period
        AND p.late_completed_at <= g.created_at
        AND g.grant_id = ANY(${grantIds(LATE)})`,
      shown: ["late_period", "late_round", "late_completed_at"],
    },
  ),
  rowInvariant(
    "open-claim-has-line",
    "A claim in flight has its line, pending or parked: without one nobody would resume it. (Or it was paid before an erasure.)",
    {
      breach: `p.open_grant_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM reward_grant g WHERE g.grant_id = p.open_grant_id AND g.namespace = p.namespace
          AND g.goal_id = p.goal_id AND g.user_id IN (p.user_id, '') AND (g.state IN ('pending', 'parked')
            OR (g.state = 'granted' AND g.granted_at <= p.open_started_at)))`,
      shown: ["open_grant_id", "open_started_at"],
    },
  ),
  joined(
    "unsettled-has-open-claim",
    "A pending or parked line has its claim in the row: else the goal could be claimed a second time meanwhile.",
    {
      breach: `g.state IN ('pending', 'parked') AND p.open_grant_id IS DISTINCT FROM g.grant_id
        AND (p.completed_at <= g.created_at OR ${IS_ROW_OF_THAT_TIME})`,
      shown: ["status", "completed_at", "open_grant_id"],
    },
  ),
  joined(
    "parked-is-marked",
    "A parked line has its mark in the row, a pending one has none: else a shard that starts anew asks for it, or never does.",
    {
      breach: `p.open_grant_id = g.grant_id AND g.state IN ('pending', 'parked')
        AND (g.state = 'parked') <> (p.open_parked IS TRUE)`,
      shown: ["open_grant_id", "open_parked"],
    },
  ),
];

/** An invariant of a line `g` and its player's row of the same goal, `p`. */
function joined(
  name: string,
  why: string,
  { breach, shown }: { readonly breach: string; readonly shown: readonly string[] },
): Invariant {
  const found = `${facts("g", ["grant_id", "state", "created_at"])} || '; ' || ${facts("p", shown)}`;
  const query = `SELECT ${placeOf("p")} AS place, ${found} AS found
    FROM ledger_line g JOIN user_goal_progress p USING (namespace, user_id, goal_id) WHERE (${breach}) AND NOT ${HAS_LETTER}`;
  return { name, why, query };
}
