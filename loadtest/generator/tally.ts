import { CLAIM_TARGETS } from "../fixtures/load-catalog.ts";
import { STAT_CODES } from "../fixtures/stats.ts";

const STATS = STAT_CODES.length;

/** A player's goal that events have completed, by the numbers of player and stat. */
export interface Completed {
  readonly player: number;
  readonly stat: number;
}

/** What was acknowledged, for the comparison with Postgres. */
export interface TallyData {
  /** Per player and stat, in that order: distinct events that were acknowledged. */
  readonly acknowledged: readonly number[];
  /** Per player and stat: events whose outcome stayed unknown; they may be applied or not. */
  readonly unknown: readonly number[];
  readonly claimed: readonly Completed[];
  /** Claims answered 202, and claims without a known outcome: paid once or not at all. */
  readonly openClaims: readonly Completed[];
  /** Goals switched on or off, as acknowledged last: player, optional goal, active. */
  readonly activations: readonly (readonly [number, number, boolean])[];
}

/** Keeps account of what the server has acknowledged; it is what the server must have kept. */
export class Tally {
  readonly #acknowledged: Uint32Array;
  readonly #unknown: Uint32Array;
  readonly #claimed: Completed[] = [];
  readonly #openClaims: Completed[] = [];
  readonly #activations = new Map<number, Map<number, boolean>>();

  constructor(players: number) {
    this.#acknowledged = new Uint32Array(players * STATS);
    this.#unknown = new Uint32Array(players * STATS);
  }

  /** Counts an acknowledged event; tells the goal that it has completed, if it has. */
  acknowledge(player: number, stat: number): Completed | null {
    const at = player * STATS + stat;
    const count = (this.#acknowledged[at] ?? 0) + 1;
    this.#acknowledged[at] = count;
    return count === CLAIM_TARGETS[stat] ? { player, stat } : null;
  }

  /** Counts an event that may or may not have been applied. */
  leaveUnknown(player: number, stat: number): void {
    const at = player * STATS + stat;
    this.#unknown[at] = (this.#unknown[at] ?? 0) + 1;
  }

  /** How many events of a player and stat are acknowledged so far. */
  acknowledgedOf(player: number, stat: number): number {
    return this.#acknowledged[player * STATS + stat] ?? 0;
  }

  claim(completed: Completed, isPaid: boolean): void {
    (isPaid ? this.#claimed : this.#openClaims).push(completed);
  }

  activate(player: number, goal: number, isActive: boolean): void {
    const goals = this.#activations.get(player) ?? new Map<number, boolean>();
    this.#activations.set(player, goals.set(goal, isActive));
  }

  /** Forgets a goal whose state is unknown. */
  forgetActivation(player: number, goal: number): void {
    this.#activations.get(player)?.delete(goal);
  }

  data(): TallyData {
    return {
      acknowledged: [...this.#acknowledged],
      unknown: [...this.#unknown],
      claimed: this.#claimed,
      openClaims: this.#openClaims,
      activations: [...this.#activations].flatMap(([player, goals]) =>
        [...goals].map(([goal, isActive]) => [player, goal, isActive] as const),
      ),
    };
  }
}
