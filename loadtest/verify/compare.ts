import { STAT_CODES } from "../fixtures/stats.ts";
import type { Completed, TallyData } from "../generator/tally.ts";

/** What Postgres holds of a run's players. Keys are `player/stat`, or `player/index of an optional goal`. */
export interface Stored {
  /** Events that the counting goals have counted. */
  readonly counts: ReadonlyMap<string, number>;
  /** Goals whose row says claimed. */
  readonly claimed: readonly string[];
  /** Lines of the ledger whose reward was paid, one entry each. */
  readonly granted: readonly string[];
  readonly active: ReadonlyMap<string, boolean>;
}

/** How what was acknowledged compares with what is stored. */
export interface Verification extends EventsVerification, ClaimsVerification {
  /** Goals that are not switched as was acknowledged last. */
  readonly wrongActivations: number;
}

export interface EventsVerification {
  readonly acknowledged: number;
  readonly applied: number;
  /** Acknowledged events that are not applied. */
  readonly lost: number;
  /** Applications beyond one per event; an event without a known outcome may be applied once. */
  readonly doubled: number;
  readonly unknown: number;
}

export interface ClaimsVerification {
  readonly claims: number;
  readonly openClaims: number;
  readonly granted: number;
  /** Acknowledged claims without a claimed row or without a paid line in the ledger. */
  readonly lostClaims: number;
  /** Lines of the ledger beyond one per claim, or for a goal that nobody claimed. */
  readonly doubledClaims: number;
}

/** Compares the counts, player by player and stat by stat: what one lacks cannot hide behind what another has too much. */
export function compareEvents(tally: TallyData, { counts }: Stored): EventsVerification {
  const total = { acknowledged: 0, applied: 0, lost: 0, doubled: 0, unknown: 0 };
  for (const [at, acknowledged] of tally.acknowledged.entries()) {
    const unknown = tally.unknown[at] ?? 0;
    const player = Math.floor(at / STAT_CODES.length);
    const applied = counts.get(`${player}/${at % STAT_CODES.length}`) ?? 0;
    total.acknowledged += acknowledged;
    total.unknown += unknown;
    total.applied += applied;
    total.lost += Math.max(0, acknowledged - applied);
    total.doubled += Math.max(0, applied - acknowledged - unknown);
  }
  return total;
}

/** Compares acknowledged claims with the rows and with the ledger. */
export function compareClaims(tally: TallyData, { claimed, granted }: Stored): ClaimsVerification {
  const rows = new Set(claimed);
  const paid = Map.groupBy(granted, (key) => key);
  const attempted = new Set([...tally.claimed, ...tally.openClaims].map(keyOf));
  const doubled = [...paid].map(([key, lines]) => lines.length - (attempted.has(key) ? 1 : 0));
  return {
    claims: tally.claimed.length,
    openClaims: tally.openClaims.length,
    granted: granted.length,
    lostClaims: tally.claimed.map(keyOf).filter((key) => !rows.has(key) || !paid.has(key)).length,
    doubledClaims: doubled.reduce((sum, count) => sum + count, 0),
  };
}

/** How many goals are not switched as was acknowledged last. A goal that was only ever switched off may have no row. */
export function compareActivations(tally: TallyData, { active }: Stored): number {
  return tally.activations.filter(
    ([player, goal, isActive]) => (active.get(`${player}/${goal}`) ?? false) !== isActive,
  ).length;
}

function keyOf({ player, stat }: Completed): string {
  return `${player}/${stat}`;
}
