/**
 * The catalog as the rules see it: the normalised document and its index.
 *
 * Field names are those of the AccelByte Extend Challenge suite. Parsing, with all of its messages, is in
 * `parse-catalog.ts`; nothing else makes a CatalogDocument from foreign input.
 */
export type EventSource = "login" | "statistic";
export type ProgressMode = "absolute" | "relative" | "count" | "days";
export type Schedule = "daily" | "weekly" | "monthly";

export interface Requirement {
  readonly statCode: string;
  readonly operator: ">=";
  readonly targetValue: number;
  readonly progressMode: ProgressMode;
}

export interface Reward {
  readonly type: "ITEM" | "WALLET";
  readonly rewardId: string;
  readonly quantity: number;
}

/** When a goal starts anew, and what happens to what the player had. All defaults are filled in. */
export interface Rotation {
  readonly enabled: boolean;
  readonly type: "global";
  readonly schedule: Schedule;
  /** An IANA time zone, such as `Europe/Berlin`. */
  readonly timeZone: string;
  /** `HH:MM`, local time in `timeZone`. */
  readonly resetTime: string;
  /** 1 (Monday) to 7 (Sunday); used by `weekly` only. */
  readonly weekday: number;
  /** 1 to 31, clamped to the month's last day; used by `monthly` only. */
  readonly dayOfMonth: number;
  readonly onExpiry: { readonly resetProgress: boolean; readonly allowReselection: boolean };
  readonly claimGraceSeconds: number;
}

export interface Goal {
  readonly goalId: string;
  readonly name: string;
  readonly description: string;
  readonly eventSource: EventSource;
  readonly defaultAssigned: boolean;
  readonly requirement: Requirement;
  readonly reward: Reward;
  readonly prerequisites: readonly string[];
  readonly rotation: Rotation | null;
}

export interface Challenge {
  readonly challengeId: string;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** RFC 3339 UTC, or null for no limit. */
  readonly startsAt: string | null;
  readonly endsAt: string | null;
  readonly goals: readonly Goal[];
}

/** The current form with every default filled in; it can be PUT back and gives the same version. */
export interface CatalogDocument {
  readonly challenges: readonly Challenge[];
}

/** A goal with what the rules need beside it, computed once per catalog version. */
export interface GoalEntry {
  readonly goal: Goal;
  readonly challenge: ChallengeEntry;
  /** Its place among all goals in document order, from 0. */
  readonly position: number;
  /** The rotation when it is present and enabled, else null: the one that rules use. */
  readonly rotation: Rotation | null;
}

export interface ChallengeEntry {
  readonly challenge: Challenge;
  /** Epoch milliseconds; -Infinity and Infinity where the document sets no limit. */
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly goals: readonly GoalEntry[];
}

/** One catalog version, indexed. Never changes. */
export interface Catalog {
  /** SHA-256 of the canonical JSON of `document`, lower-case hex. */
  readonly version: string;
  readonly document: CatalogDocument;
  readonly challenges: ReadonlyMap<string, ChallengeEntry>;
  /** All goals in document order. */
  readonly goals: ReadonlyMap<string, GoalEntry>;
  /** Goals that a login event moves. */
  readonly loginGoals: readonly GoalEntry[];
  /** Goals that a statistic event moves, by stat code. */
  readonly statisticGoals: ReadonlyMap<string, readonly GoalEntry[]>;
  readonly defaultGoals: readonly GoalEntry[];
}

/** Which catalog is active: `seq` is the activation number, given by Postgres, growing per namespace. */
export interface CatalogPointer {
  readonly version: string;
  readonly seq: number;
}

/** Indexes a document. Pure; linear in the number of goals. */
export function indexCatalog(document: CatalogDocument, version: string): Catalog {
  const challenges = new Map<string, ChallengeEntry>();
  const goals = new Map<string, GoalEntry>();
  const statisticGoals = new Map<string, GoalEntry[]>();
  for (const challenge of document.challenges) {
    const entries: GoalEntry[] = [];
    const entry: ChallengeEntry = {
      challenge,
      startsAtMs: challenge.startsAt === null ? -Infinity : Date.parse(challenge.startsAt),
      endsAtMs: challenge.endsAt === null ? Infinity : Date.parse(challenge.endsAt),
      goals: entries,
    };
    challenges.set(challenge.challengeId, entry);
    for (const goal of challenge.goals) {
      const rotation = goal.rotation?.enabled === true ? goal.rotation : null;
      const goalEntry: GoalEntry = { goal, challenge: entry, position: goals.size, rotation };
      entries.push(goalEntry);
      goals.set(goal.goalId, goalEntry);
      if (goal.eventSource === "statistic") {
        const code = goal.requirement.statCode;
        const sharing = statisticGoals.get(code);
        if (sharing === undefined) statisticGoals.set(code, [goalEntry]);
        else sharing.push(goalEntry);
      }
    }
  }
  const all = [...goals.values()];
  return {
    version,
    document,
    challenges,
    goals,
    statisticGoals,
    loginGoals: all.filter((entry) => entry.goal.eventSource === "login"),
    defaultGoals: all.filter((entry) => entry.goal.defaultAssigned),
  };
}
