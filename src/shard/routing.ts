import { fnv1a } from "../core/fnv1a.ts";
import type { PlayerKey } from "../core/player.ts";
import { POSITIONS_PER_GENERATION } from "./limits.ts";

/** How players are spread over shards, under a number that rises with every change of the count. */
export interface Generation {
  readonly generation: number;
  readonly count: number;
}

/** How a deployment spreads its players, and how it did before. */
export interface ShardLayout extends Generation {
  /** Every generation whose shards may still hold something of a player. */
  readonly older: readonly Generation[];
}

/** The player's shard: the one object that ever writes for this player under this generation. */
export function shardOf(player: PlayerKey, generation: Generation): string {
  const hash = fnv1a(JSON.stringify([player.namespace, player.userId]));
  return shardName(generation, mix(hash) % generation.count);
}

/** All shards of a generation, in order. */
export function shardNames(generation: Generation): string[] {
  return Array.from({ length: generation.count }, (_, index) => shardName(generation, index));
}

/** `g2-12-7`: generation 2, 12 shards, number 7. The count is in the name, so that no change of it goes unnoticed. */
function shardName({ generation, count }: Generation, index: number): string {
  return `g${generation}-${count}-${index}`;
}

/** The generation that a shard belongs to. Throws for a name that is not a shard's. */
export function generationOf(shard: string): number {
  const generation = /^g(\d+)-\d+-\d+$/.exec(shard)?.[1];
  if (generation === undefined) throw new Error(`${shard} is not the name of a shard.`);
  return Number(generation);
}

/** Where the positions of a shard start: generations never share one. Throws for a name that is not a shard's. */
export function positionFloorOf(shard: string): number {
  return generationOf(shard) * POSITIONS_PER_GENERATION;
}

/** MurmurHash3's finaliser: FNV's low bits alone would spread consecutive ids unevenly. */
function mix(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
