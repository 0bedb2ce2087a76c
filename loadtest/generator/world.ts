import type { Plan } from "./plan.ts";
import { Tally, type Completed } from "./tally.ts";

/** Who polls with an ETag has read lately: at 105 full documents a second these are the readers of some three seconds. */
const RECENT_READERS = 300;

/** The players as the generator knows them: what a game's clients and servers would remember. */
export class World {
  readonly userIds: readonly string[];
  readonly tokens: readonly string[];
  readonly tally: Tally;
  /** Goals that events have completed and nobody has claimed yet, the oldest first. */
  readonly claimable: Completed[] = [];
  /** Per player, the ETag of the full document. See `rememberEtag`. */
  readonly etags = new Map<number, string>();
  readonly #readers: number[] = [];
  /** Players whose goals are being switched: one at a time, so that the last answer is the state. */
  readonly switching = new Set<number>();
  /** Per player, the optional goal that was switched on last. */
  readonly switchedOn = new Map<number, number>();
  readonly #runId: string;
  readonly #initialized: Uint8Array;
  readonly #values: Uint32Array;
  #nextPlayer = 0;
  #nextEvent = 0;

  constructor(plan: Plan, userIds: readonly string[], tokens: readonly string[]) {
    this.#runId = plan.runId;
    this.userIds = userIds;
    this.tokens = tokens;
    this.tally = new Tally(userIds.length);
    this.#initialized = new Uint8Array(userIds.length);
    this.#values = new Uint32Array(userIds.length);
  }

  /** The next player in order, from the first again after the last. */
  nextPlayer(): number {
    const player = this.#nextPlayer;
    this.#nextPlayer = (player + 1) % this.userIds.length;
    return player;
  }

  anyPlayer(): number {
    return Math.floor(Math.random() * this.userIds.length);
  }

  /** Keeps the ETag of a player's full document. */
  rememberEtag(player: number, etag: string): void {
    this.etags.set(player, etag);
    this.#readers.push(player);
    if (this.#readers.length > RECENT_READERS) this.#readers.shift();
  }

  /** A player who has read the full document a while ago; anyone when nobody has. */
  recentReader(): number {
    const index = Math.floor(Math.random() * this.#readers.length);
    return this.#readers[index] ?? this.anyPlayer();
  }

  /** Whether nobody has asked to initialise the player before; true only once. */
  isNew(player: number): boolean {
    if (this.#initialized[player] === 1) return false;
    this.#initialized[player] = 1;
    return true;
  }

  /** An event id that was never used. */
  nextEventId(): string {
    this.#nextEvent += 1;
    return `${this.#runId}-${this.#nextEvent}`;
  }

  /** A statistic's next value for a player; it only rises. */
  nextValue(player: number): number {
    const value = (this.#values[player] ?? 0) + 1;
    this.#values[player] = value;
    return value;
  }
}
