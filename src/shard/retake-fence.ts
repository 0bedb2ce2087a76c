import type { Fence } from "../core/shard-store.ts";
import { CLAIM_TRIES_MAX } from "./limits.ts";
import type { ShardPorts } from "./ports.ts";

/**
 * Takes a fence that was set back for this shard anew, in an epoch above all that were ever given, and makes it if it is missing.
 *
 * From then on no statement of the old times gets through: what Postgres contains of this shard stays as it is. Throws StoreError.
 */
export async function retakeFence(
  { store, shard, instance, positionFloor }: ShardPorts,
  lastEpoch: number,
): Promise<Fence> {
  // Not the instance's own name, which the restored fence may have as well.
  const owner = `${instance} resumes`;
  for (let attempt = 0; attempt < CLAIM_TRIES_MAX; attempt++) {
    const found = await store.readFence(shard);
    if (found?.owner === owner) return found;
    const epoch = Math.max(found?.epoch ?? 0, lastEpoch) + 1;
    // Without a fence nobody says how far the rows go but the rows; a resume that is cut off here must find it in the fence.
    const retaken =
      found === null
        ? await store.createFence(
            shard,
            owner,
            positionFloor,
            epoch,
            await store.highestApplied(shard),
          )
        : await store.claimFence(shard, owner, found.epoch, epoch);
    if (retaken !== null) return retaken;
  }
  throw new Error(`The fence of ${shard} was claimed by others ${CLAIM_TRIES_MAX} times in a row.`);
}
