import { type Invariant, periodName, rowInvariant } from "./invariant.ts";

const LATE = [
  "late_completed_at",
  "late_reward_type",
  "late_reward_id",
  "late_quantity",
  "late_round",
  "late_until",
];
const OPEN = [
  "open_grant_id",
  "open_completed_at",
  "open_reward_type",
  "open_reward_id",
  "open_quantity",
  "open_round",
  "open_started_at",
];

/** What must hold within one row of user_goal_progress, whatever else there is. */
export const ROW_INVARIANTS: readonly Invariant[] = [
  rowInvariant(
    "completed-has-instant",
    "A goal is completed or claimed exactly when it says since when: the instant is part of what a claim is for.",
    {
      breach: "(p.status IN ('completed', 'claimed')) <> (p.completed_at IS NOT NULL)",
      shown: ["status", "completed_at"],
    },
  ),
  rowInvariant(
    "claimed-has-instant",
    "A goal is claimed exactly when it says since when; answers of ALREADY_CLAIMED name the instant.",
    {
      breach: "(p.status = 'claimed') <> (p.claimed_at IS NOT NULL)",
      shown: ["status", "claimed_at"],
    },
  ),
  rowInvariant("completed-before-claimed", "Nothing is claimed before it is completed.", {
    breach: "p.claimed_at < p.completed_at",
    shown: ["completed_at", "claimed_at"],
  }),
  rowInvariant(
    "not-started-is-empty",
    "A new period and a reset clear progress and baseline together: what is left of an old period would count again.",
    {
      breach: "p.status = 'not_started' AND (p.progress <> 0 OR p.baseline IS NOT NULL)",
      shown: ["status", "progress", "baseline"],
    },
  ),
  rowInvariant(
    "active-was-assigned",
    "A goal is assigned when it becomes active, and only active goals count events.",
    {
      breach: "(p.is_active OR p.event_count > 0) AND p.assigned_at IS NULL",
      shown: ["is_active", "event_count", "assigned_at"],
    },
  ),
  rowInvariant(
    "period-has-end",
    "A row in a period knows its end, after its start: without one the row would never roll. Only a completion may have none.",
    {
      breach: `(p.period IS NOT NULL AND p.period_ends_at IS NULL)
        OR (p.period IS NULL AND p.period_ends_at IS NOT NULL AND p.completed_at IS NULL)
        OR p.period !~ '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$'
        OR p.period >= ${periodName("p.period_ends_at")}`,
      shown: ["period", "period_ends_at"],
    },
  ),
  rowInvariant(
    "schedule-names-period",
    "A schedule stands beside the period that it named, never alone: together they are part of what is paid.",
    {
      breach: `(p.period IS NULL AND p.schedule IS NOT NULL) OR (p.late_period IS NULL AND p.late_schedule IS NOT NULL)
        OR (p.open_period IS NULL AND p.open_schedule IS NOT NULL)`,
      shown: ["period", "schedule", "late_period", "late_schedule", "open_period", "open_schedule"],
    },
  ),
  rowInvariant(
    "late-claim-is-whole",
    "A late claim is there with all that paying it takes, or not at all.",
    {
      breach: `num_nonnulls(${columns(LATE)}) NOT IN (0, ${LATE.length}) OR p.late_completed_at >= p.late_until
        OR (p.late_until IS NULL AND p.late_period IS NOT NULL)`,
      shown: [...LATE, "late_period"],
    },
  ),
  rowInvariant(
    "open-claim-is-whole",
    "A claim in flight holds all that resuming it takes, or is not there.",
    {
      breach: `num_nonnulls(${columns(OPEN)}) NOT IN (0, ${OPEN.length})
      OR (p.open_grant_id IS NULL AND num_nonnulls(p.open_period, p.open_until) > 0)
      OR p.open_completed_at > p.open_started_at`,
      shown: [...OPEN, "open_period", "open_until"],
    },
  ),
  rowInvariant(
    "claims-are-of-this-round",
    "A reset raises the round, clears the late claim and is refused while a claim is in flight: none is of another round.",
    {
      breach: "p.late_round <> p.round OR p.open_round <> p.round OR p.round < 0",
      shown: ["round", "late_round", "open_round"],
    },
  ),
  rowInvariant(
    "completion-stands-once",
    "A completion is in the row, claimed, or a late claim, or in flight as one: standing twice it could be paid for twice.",
    {
      breach: `p.late_completed_at IN (p.completed_at, p.open_completed_at)
        OR (p.status = 'claimed' AND p.open_completed_at = p.completed_at)`,
      shown: ["status", "completed_at", "late_completed_at", "open_completed_at"],
    },
  ),
];

function columns(names: readonly string[]): string {
  return names.map((name) => `p.${name}`).join(", ");
}
