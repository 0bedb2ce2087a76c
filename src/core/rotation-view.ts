import type { ChallengeEntry, GoalEntry, Rotation, Schedule } from "./catalog.ts";
import { formatInstant } from "./instant.ts";
import { type Period, periodOf } from "./rotation.ts";

/** A period as callers see it. */
export interface ShownPeriod {
  readonly startTime: string;
  readonly endTime: string;
}

export interface CurrentPeriod extends ShownPeriod {
  readonly expiresInSeconds: number;
}

interface ShownPeriods {
  readonly currentPeriod: CurrentPeriod | null;
  readonly nextPeriod: ShownPeriod | null;
}

/** Body of GET …/rotation. */
export interface RotationDocument {
  readonly challengeId: string;
  /** That of the goal whose period ends first; not enabled, and all null, when no goal rotates. */
  readonly rotation: ShownPeriods & {
    readonly enabled: boolean;
    readonly type: "global" | null;
    readonly schedule: Schedule | null;
  };
  readonly goals: readonly (ShownPeriods & {
    readonly goalId: string;
    readonly schedule: Schedule;
  })[];
}

/** The current and the next period of every rotating goal of a challenge. Pure; `now` in epoch milliseconds. */
export function rotationDocument(challenge: ChallengeEntry, now: number): RotationDocument {
  const rotating = challenge.goals.flatMap((entry) => rotationOf(entry, now));
  const first = rotating.toSorted((a, b) => a.period.endsAt - b.period.endsAt)[0];
  const { challengeId } = challenge.challenge;
  return {
    challengeId,
    rotation:
      first === undefined
        ? { enabled: false, type: null, schedule: null, currentPeriod: null, nextPeriod: null }
        : {
            enabled: true,
            type: first.rotation.type,
            schedule: first.rotation.schedule,
            ...shownPeriods(first.rotation, first.period, now),
          },
    goals: rotating.map(({ goalId, rotation, period }) => ({
      goalId,
      schedule: rotation.schedule,
      ...shownPeriods(rotation, period, now),
    })),
  };
}

function rotationOf({ goal, rotation }: GoalEntry, now: number) {
  if (rotation === null) return [];
  return [{ goalId: goal.goalId, rotation, period: periodOf(rotation, now) }];
}

function shownPeriods(rotation: Rotation, period: Period, now: number): ShownPeriods {
  const expiresInSeconds = Math.max(0, Math.floor((period.endsAt - now) / 1000));
  return {
    currentPeriod: { ...shown(period), expiresInSeconds },
    nextPeriod: shown(periodOf(rotation, period.endsAt)),
  };
}

function shown({ startsAt, endsAt }: Period): ShownPeriod {
  return { startTime: formatInstant(startsAt), endTime: formatInstant(endsAt) };
}
