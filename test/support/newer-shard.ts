import { type ShardLayout, shardOf } from "../../src/shard/routing.ts";
import { KILLS } from "./simulated-parts.ts";
import { ONE_SHARD, SimulatedShard } from "./simulated-shard.ts";

/** What a deployment with one shard is changed to. */
export const TWO_SHARDS: ShardLayout = { generation: 2, count: 2, older: [ONE_SHARD] };

/** The shard that has ada in a newer layout, over the same Postgres; it asks these for her. */
export function newerThan(
  first: SimulatedShard,
  layout = TWO_SHARDS,
  ...more: readonly SimulatedShard[]
): SimulatedShard {
  const { store, time } = first;
  const engineOf = (name: string) => {
    const found = [first, ...more].find(({ shard }) => shard === name);
    if (found === undefined) throw new Error(`There is no shard ${name}.`);
    return found.engine;
  };
  return new SimulatedShard(KILLS, {
    store,
    time,
    shard: shardOf(first.player("ada"), layout),
    olderShards: {
      handOver: async (shard, players, to) => engineOf(shard).handOver(players, to),
      settled: async (shard, players) => engineOf(shard).settled(players),
    },
  });
}
