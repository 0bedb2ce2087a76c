const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

interface GoalOptions {
  readonly eventSource?: "login" | "statistic";
  readonly defaultAssigned?: boolean;
  readonly progressMode?: "absolute" | "relative" | "count" | "days";
  readonly reward?: object;
  readonly prerequisites?: readonly string[];
  readonly rotation?: object;
}

/**
 * The catalog that the tests of the contract speak about: every mode, both sources, both rewards, prerequisites over
 * challenges, daily rotation, and challenges before, shortly after and long after their time.
 *
 * Days end twelve hours from `now`, so that no run meets the end of a period.
 */
export function contractCatalog(now: number): object {
  const at = (offsetMs: number) => new Date(now + offsetMs).toISOString();
  const daily = { ...DAILY, resetTime: at(12 * HOUR_MS).slice(11, 16) };
  return {
    $schema: "https://example.com/catalog.schema.json",
    challenges: [
      {
        ...challenge("modes", [
          goal("absolute-score", "score", 100),
          goal("relative-score", "score", 10, { progressMode: "relative" }),
          goal("count-score", "score", 3, { progressMode: "count" }),
          goal("days-score", "score", 2, { progressMode: "days" }),
          goal("count-login", "logins", 3, { eventSource: "login", progressMode: "count" }),
          goal("days-login", "days", 2, { eventSource: "login", progressMode: "days" }),
        ]),
        tags: ["modes", "solo"],
      },
      challenge("defaults", [
        goal("default-kills", "kills", 10, { defaultAssigned: true }),
        goal("default-login", "", 1, { ...LOGIN, reward: CROWN }),
        goal("optional-kills", "kills", 1_000),
      ]),
      challenge("chain", [
        goal("chain-first", "chain_a", 1, { progressMode: "count" }),
        goal("chain-last", "chain_b", 1, { prerequisites: ["default-kills", "chain-first"] }),
      ]),
      challenge("daily", [
        goal("daily-damage", "damage", 10, { progressMode: "relative", rotation: daily }),
        goal("daily-once", "once", 1, { progressMode: "count", rotation: { ...daily, ...ONCE } }),
        goal("daily-win", "wins", 1, { progressMode: "count", rotation: daily }),
        goal("daily-saved", "saved", 5, {
          progressMode: "count",
          rotation: { ...daily, ...SAVES },
        }),
      ]),
      challenge("ends", [goal("ends-goal", "endings", 1, { reward: CROWN })], {
        startsAt: at(-DAY_MS),
        endsAt: at(DAY_MS),
      }),
      challenge("tomorrow", [goal("tomorrow-goal", "kills", 1, { defaultAssigned: true })], {
        startsAt: at(DAY_MS),
      }),
      challenge("just-over", [goal("just-over-goal", "over", 5, { defaultAssigned: true })], {
        startsAt: at(-2 * DAY_MS),
        endsAt: at(-HOUR_MS),
      }),
      challenge("long-over", [goal("long-over-goal", "over", 5, { defaultAssigned: true })], {
        endsAt: at(-30 * DAY_MS),
      }),
      challenge("über/challenge ☃", [goal("goal 1/2 é", "odd stat ☃", 1)]),
    ],
  };
}

const DAILY = { enabled: true, type: "global", schedule: "daily" };
const ONCE = { onExpiry: { allowReselection: false }, claimGraceSeconds: 3_600 };
const SAVES = { onExpiry: { resetProgress: false } };
const CROWN = { type: "ITEM", rewardId: "crown", quantity: 1 };
const LOGIN = { eventSource: "login", defaultAssigned: true, progressMode: "count" } as const;

/** A challenge in the form of a catalog document. */
export function challenge(challengeId: string, goals: readonly object[], window: object = {}) {
  return {
    challengeId,
    name: `Challenge ${challengeId}`,
    description: `What ${challengeId} is about`,
    ...window,
    goals,
  };
}

/** A goal in the form of a catalog document; in mode absolute, since that is the default. */
export function goal(
  goalId: string,
  statCode: string,
  targetValue: number,
  options: GoalOptions = {},
) {
  const { eventSource = "statistic", progressMode, ...rest } = options;
  return {
    goalId,
    name: `Goal ${goalId}`,
    description: "",
    eventSource,
    requirement: {
      statCode: statCode === "" ? "login" : statCode,
      operator: ">=",
      targetValue,
      ...(progressMode === undefined ? {} : { progressMode }),
    },
    reward: { type: "WALLET", rewardId: "GOLD", quantity: 100 },
    ...rest,
  };
}
