import type { PlayerKey } from "../core/player.ts";
import type { HandedOver } from "./handed-over.ts";
import { HAND_OVER_PLAYERS_MAX } from "./limits.ts";
import type { OpenGrant } from "./open-grants.ts";
import { type Generation, shardOf } from "./routing.ts";

/** A player on its way to a newer shard, and what its older shards said of it so far. */
export class ArrivingPlayer {
  readonly player: PlayerKey;
  readonly #given = new Map<number, HandedOver>();
  readonly #waitsFor: string[] = [];

  constructor(player: PlayerKey) {
    this.player = player;
  }

  /** What the shards said, in no order. */
  get given(): readonly HandedOver[] {
    return [...this.#given.values()];
  }

  /** The shards that still have something of the player to write. */
  get waitsFor(): readonly string[] {
    return this.#waitsFor;
  }

  /**
   * The grants to go on with. They go from each generation to the next: those of the newest shard that had taken the player
   * over, and of the ones after it; what even older ones name may be settled by now.
   */
  get grants(): readonly OpenGrant[] {
    const newestFirst = [...this.#given].toSorted(([a], [b]) => b - a).map(([, given]) => given);
    const last = newestFirst.findIndex(({ hasArrived }) => hasArrived);
    return newestFirst.slice(0, last < 0 ? undefined : last + 1).flatMap(({ grants }) => grants);
  }

  /** Notes what the player's shard of that generation said. Throws when it said nothing. */
  note({ shard, generation }: OlderShard, given: HandedOver | undefined): void {
    if (given === undefined) throw new Error(`${shard} gave fewer players than were asked for.`);
    this.#given.set(generation, given);
    if (!given.isSettled) this.#waitsFor.push(shard);
  }
}

/** One shard of a former generation, by its name. */
export interface OlderShard {
  readonly shard: string;
  readonly generation: number;
}

/** Which players to ask a shard for in one call. */
export interface HandOverCall extends OlderShard {
  readonly players: readonly ArrivingPlayer[];
}

/** The calls that ask the shards of one generation for these players, so many to a call. */
export function callsTo(older: Generation, arriving: readonly ArrivingPlayer[]): HandOverCall[] {
  const calls: HandOverCall[] = [];
  for (const [shard, part] of Map.groupBy(arriving, ({ player }) => shardOf(player, older))) {
    for (let start = 0; start < part.length; start += HAND_OVER_PLAYERS_MAX) {
      const players = part.slice(start, start + HAND_OVER_PLAYERS_MAX);
      calls.push({ shard, generation: older.generation, players });
    }
  }
  return calls;
}
