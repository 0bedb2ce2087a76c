import {
  type Catalog,
  type Challenge,
  type Goal,
  indexCatalog,
  type Requirement,
  type Reward,
  type Rotation,
} from "../../src/core/catalog.ts";
import type { GoalRow } from "../../src/core/player.ts";

/** What a test may say about a goal: only what it is about. */
export interface GoalWish extends Partial<Omit<Goal, "requirement" | "reward" | "rotation">> {
  readonly requirement?: Partial<Requirement>;
  readonly reward?: Partial<Reward>;
  readonly rotation?: RotationWish | null;
}

export interface RotationWish extends Partial<Omit<Rotation, "onExpiry">> {
  readonly onExpiry?: Partial<Rotation["onExpiry"]>;
}

/** A goal of 10 kills in mode absolute, not default-assigned, without rotation; a wish overrides, deeply. */
export function aGoal(wish: GoalWish = {}): Goal {
  const { requirement, reward, rotation, ...rest } = wish;
  return {
    goalId: "ten-kills",
    name: "Ten kills",
    description: "Defeat ten enemies",
    eventSource: "statistic",
    defaultAssigned: false,
    prerequisites: [],
    ...rest,
    requirement: {
      statCode: "kills",
      operator: ">=",
      targetValue: 10,
      progressMode: "absolute",
      ...requirement,
    },
    reward: { type: "WALLET", rewardId: "GOLD", quantity: 100, ...reward },
    rotation: rotation === undefined || rotation === null ? null : aRotation(rotation),
  };
}

/** A daily rotation at midnight UTC that resets progress and allows reselection. */
export function aRotation(wish: RotationWish = {}): Rotation {
  const { onExpiry, ...rest } = wish;
  return {
    enabled: true,
    type: "global",
    schedule: "daily",
    timeZone: "UTC",
    resetTime: "00:00",
    weekday: 1,
    dayOfMonth: 1,
    claimGraceSeconds: 86_400,
    ...rest,
    onExpiry: { resetProgress: true, allowReselection: true, ...onExpiry },
  };
}

/** A challenge without window, holding one `aGoal()` unless told otherwise. */
export function aChallenge(wish: Partial<Challenge> = {}): Challenge {
  return {
    challengeId: "first-steps",
    name: "First steps",
    description: "What everybody does first",
    tags: [],
    startsAt: null,
    endsAt: null,
    goals: [aGoal()],
    ...wish,
  };
}

/**
 * An indexed catalog. Goals go into one `aChallenge()`, challenges stay as they are; both can be mixed.
 *
 * The version is a made-up hash, the same for every catalog.
 */
export function aCatalog(...parts: readonly (Goal | Challenge)[]): Catalog {
  const goals = parts.filter((part): part is Goal => "goalId" in part);
  const challenges = parts.filter((part): part is Challenge => "challengeId" in part);
  const own = goals.length > 0 || challenges.length === 0;
  const first = goals.length > 0 ? aChallenge({ goals }) : aChallenge();
  return indexCatalog(
    { challenges: own ? [first, ...challenges] : challenges },
    "c0ffee".padEnd(64, "0"),
  );
}

/** The row of an active, untouched `aGoal()` that was assigned at instant 0. */
export function aRow(wish: Partial<GoalRow> = {}): GoalRow {
  return {
    challengeId: "first-steps",
    goalId: "ten-kills",
    status: "not_started",
    isActive: true,
    raw: null,
    baseline: null,
    progress: 0,
    eventCount: 0,
    period: null,
    schedule: null,
    periodEndsAt: null,
    round: 0,
    assignedAt: 0,
    completedAt: null,
    claimedAt: null,
    lastEventAt: null,
    lastDay: null,
    lateClaim: null,
    openClaim: null,
    ...wish,
  };
}
