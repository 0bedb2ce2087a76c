import { fnv1a } from "../core/fnv1a.ts";
import type { PlayerKey } from "../core/player.ts";
import { POSITIONS_PER_GENERATION } from "./limits.ts";

/** How a deployment spreads its players. The generation rises with every change of the count. */
export interface ShardLayout {
  readonly generation: number;
  readonly count: number;
}

/** The player's shard: the one object that ever writes for this player under this layout. */
export function shardOf(player: PlayerKey, layout: ShardLayout): string {
  const hash = fnv1a(JSON.stringify([player.namespace, player.userId]));
  return shardName(layout, mix(hash) % layout.count);
}

/** All shards of a layout, in order. */
export function shardNames(layout: ShardLayout): string[] {
  return Array.from({ length: layout.count }, (_, index) => shardName(layout, index));
}

/** `g2-12-7`: generation 2, 12 shards, number 7. The count is in the name, so that no change of it goes unnoticed. */
function shardName({ generation, count }: ShardLayout, index: number): string {
  return `g${generation}-${count}-${index}`;
}

/** Where the positions of a shard start: generations never share one. Throws for a name that is not a shard's. */
export function positionFloorOf(shard: string): number {
  const generation = /^g(\d+)-\d+-\d+$/.exec(shard)?.[1];
  if (generation === undefined) throw new Error(`${shard} is not the name of a shard.`);
  return Number(generation) * POSITIONS_PER_GENERATION;
}

/** MurmurHash3's finaliser: FNV's low bits alone would spread consecutive ids unevenly. */
function mix(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
