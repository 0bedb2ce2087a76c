import type { PlayerKey } from "../core/player.ts";
import { ArrivingPlayer, callsTo, type HandOverCall } from "./arriving-player.ts";
import type { Granting } from "./granting.ts";
import type { ShardMemory } from "./memory.ts";
import type { OpenGrant } from "./open-grants.ts";
import type { ShardPorts } from "./ports.ts";
import { playerName } from "./resident.ts";
import type { ShardLayout } from "./routing.ts";
import { takeOver } from "./take-over.ts";
import { writeOrAbort } from "./write-or-abort.ts";

/**
 * The newer shard's side of a change of SHARD_COUNT: on the first touch of a player every older generation's shard hands it
 * over. Only then is anything journaled for it here.
 *
 * Costs one call per older shard and player, once; nothing at all in a deployment whose count was never changed.
 */
export class Arrivals {
  readonly #memory: ShardMemory;
  readonly #granting: Granting;
  readonly #ports: ShardPorts;
  /** By player's name: the asking that will settle it. */
  readonly #asking = new Map<string, Promise<void>>();

  constructor(memory: ShardMemory, granting: Granting, ports: ShardPorts) {
    this.#memory = memory;
    this.#granting = granting;
    this.#ports = ports;
  }

  /** Resolves when all of the players belong here. Rejects when an older shard does not answer; ask again to try again. */
  async ensure(players: Iterable<PlayerKey>, layout: ShardLayout): Promise<void> {
    if (layout.older.length === 0) return;
    const fresh = new Map<string, PlayerKey>();
    const asking = new Set<Promise<void>>();
    for (const player of players) {
      const name = playerName(player);
      if (this.#isKnown(name)) continue;
      const known = this.#asking.get(name);
      if (known === undefined) fresh.set(name, player);
      else asking.add(known);
    }
    if (fresh.size > 0) asking.add(this.#start(fresh, layout));
    await Promise.all(asking);
  }

  #isKnown(name: string): boolean {
    const { residents, moved, arrived } = this.#memory;
    // Who moved on is refused anyway.
    return residents.has(name) || arrived.has(name) || moved.has(name);
  }

  #start(players: ReadonlyMap<string, PlayerKey>, layout: ShardLayout): Promise<void> {
    const arriving = [...players.values()].map((player) => new ArrivingPlayer(player));
    const asked = this.#ask(arriving, layout).finally(() => {
      for (const name of players.keys()) this.#asking.delete(name);
    });
    for (const name of players.keys()) this.#asking.set(name, asked);
    return asked;
  }

  async #ask(arriving: readonly ArrivingPlayer[], layout: ShardLayout): Promise<void> {
    const calls = layout.older.flatMap((older) => callsTo(older, arriving));
    const arrivals = await Promise.all(calls.map((call) => this.#call(call, layout)));
    await this.#shelve(arriving);
    this.#take(arriving, Math.max(...arrivals));
  }

  /** Answers when the last operation arrived there. */
  async #call({ players, ...older }: HandOverCall, to: ShardLayout): Promise<number> {
    const keys = players.map(({ player }) => player);
    const answer = await this.#ports.olderShards.handOver(older.shard, keys, to);
    for (const [index, arriving] of players.entries()) {
      arriving.note(older, answer.players[index]);
    }
    return answer.lastAt;
  }

  /** A claim that comes along may be settled before any call here has named a catalog. */
  async #shelve(arriving: readonly ArrivingPlayer[]): Promise<void> {
    for (const { player, given } of arriving) {
      for (const { pointer } of given) {
        if (pointer === null) continue;
        const shelved = await this.#memory.shelf.ensure(player.namespace, pointer);
        if (shelved === null) throw new Error(`There is no catalog ${pointer.version}.`);
      }
    }
  }

  #take(arriving: readonly ArrivingPlayer[], lastAt: number): void {
    const taken: OpenGrant[] = [];
    writeOrAbort(this.#ports, "An arrival", () => {
      this.#memory.journal.notBefore(lastAt);
      for (const one of arriving) {
        // Who moved on in the meantime took everything along from where it was.
        if (this.#isKnown(playerName(one.player))) continue;
        takeOver(this.#memory, one, this.#ports.realClock.now());
        taken.push(...one.grants);
      }
    });
    for (const grant of taken) this.#granting.startAgain(grant);
  }
}
