import type { Credit } from "../rewards/credit-ledger.ts";
import type { ExpectedPlayer } from "./expected-player.ts";

/** A line of reward_grant. */
export interface StoredGrant {
  readonly grantId: string;
  readonly userId: string;
  readonly goalId: string;
  readonly period: string | null;
  readonly state: string;
}

/** What players were told, Postgres holds and the reward service paid, beside each other. */
export interface GrantComparison {
  /** Lines that say "granted". */
  readonly grants: number;
  /** Lines that wait for a person: parked, or cancelled by one. */
  readonly unsettled: number;
  readonly credits: number;
  /** Paid twice, paid without a claim, claimed without being paid: in words. */
  readonly double: readonly string[];
}

/** States in which a claim is neither paid nor given up: the money may be out already. */
const OPEN_STATES: ReadonlySet<string> = new Set(["pending", "parked"]);

/**
 * Holds the credits of the reward service against the claims that players were told of and the ledger in Postgres. Pure.
 *
 * One completion (player, goal, period) has one key, one credit and one granted line, or none of the three, unless its line
 * says that this is still open.
 */
export function compareGrants(
  expected: ReadonlyMap<string, ExpectedPlayer>,
  lines: readonly StoredGrant[],
  credits: readonly Credit[],
): GrantComparison {
  const paid = lines.filter(({ state }) => state === "granted");
  return {
    grants: paid.length,
    unsettled: lines.filter(({ state }) => OPEN_STATES.has(state)).length,
    credits: credits.length,
    double: [
      ...paidTwice(lines, credits),
      ...lacking(expected, paid, credits),
      ...unfounded(expected, lines, credits),
    ],
  };
}

function paidTwice(lines: readonly StoredGrant[], credits: readonly Credit[]): string[] {
  const periods = new Map(lines.map(({ grantId, period }) => [grantId, period]));
  const byKey = Map.groupBy(credits, ({ key }) => key);
  const creditedTwice = [...byKey]
    .filter(([, same]) => same.length > 1)
    .map(([key, same]) => `${placeOf(same[0])} was credited ${same.length} times under ${key}`);
  const keys = [...byKey.values()].flatMap((same) => same.slice(0, 1));
  const creditedUnderTwo = severalOf(keys, (one) => completionOf(one, periods.get(one.key)));
  const granted = lines.filter(({ state }) => state === "granted");
  const granteds = severalOf(granted, (line) => completionOf(line, line.period));
  return [
    ...creditedTwice,
    ...creditedUnderTwo.map((place) => `${place} was credited under several keys`),
    ...granteds.map((place) => `${place} has several granted lines`),
  ];
}

/** Told "claimed", and a credit or the line is missing; or a line says "granted" and nobody was paid. */
function lacking(
  expected: ReadonlyMap<string, ExpectedPlayer>,
  paid: readonly StoredGrant[],
  credits: readonly Credit[],
): string[] {
  const credited = new Set(credits.map(placeOf));
  const creditedKeys = new Set(credits.map(({ key }) => key));
  const granted = new Set(paid.map(placeOf));
  const claimed = [...expected].flatMap(([userId, { goals }]) =>
    [...goals]
      .filter(([, { status }]) => status === "claimed")
      .map(([goalId]) => placeOf({ userId, goalId })),
  );
  return [
    ...claimed
      .filter((place) => !credited.has(place))
      .map((place) => `${place} is claimed and was never credited`),
    ...claimed
      .filter((place) => !granted.has(place))
      .map((place) => `${place} is claimed and has no granted line`),
    ...paid
      .filter(({ grantId }) => !creditedKeys.has(grantId))
      .map((line) => `${placeOf(line)} has a granted line and was never credited under its key`),
  ];
}

/** Paid, or written down as paid, and the player was never told so. */
function unfounded(
  expected: ReadonlyMap<string, ExpectedPlayer>,
  lines: readonly StoredGrant[],
  credits: readonly Credit[],
): string[] {
  const isClaimed = ({ userId, goalId }: Place) =>
    expected.get(userId)?.goals.get(goalId)?.status === "claimed";
  const states = new Map(lines.map(({ grantId, state }) => [grantId, state]));
  const isOpen = (key: string) => OPEN_STATES.has(states.get(key) ?? "none");
  return [
    ...credits
      .filter((credit) => !isClaimed(credit) && !isOpen(credit.key))
      .map((credit) => `${placeOf(credit)} was credited, and its claim came to nothing`),
    ...lines
      .filter((line) => line.state === "granted" && !isClaimed(line))
      .map((line) => `${placeOf(line)} has a granted line that nobody was told of`),
  ];
}

interface Place {
  readonly userId: string;
  readonly goalId: string;
}

function severalOf<T>(items: readonly T[], nameOf: (item: T) => string): string[] {
  return [...Map.groupBy(items, nameOf)]
    .filter(([, same]) => same.length > 1)
    .map(([name]) => name);
}

function completionOf(place: Place, period: string | null | undefined): string {
  return `${placeOf(place)} (period ${period ?? "none"})`;
}

function placeOf(place: Place | undefined): string {
  return `${place?.goalId} of ${place?.userId}`;
}
