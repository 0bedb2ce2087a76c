import type { Fence } from "../core/shard-store.ts";
import type { FenceMarks } from "./fence-marks.ts";
import { CLAIM_TRIES_MAX } from "./limits.ts";
import type { ShardPorts } from "./ports.ts";

/** What claiming needs: Postgres, and by whom and for which shard it is done. */
type ClaimPorts = Pick<ShardPorts, "store" | "shard" | "instance" | "positionFloor">;

/**
 * Claims the shard's fence for this instance, in an epoch above all that were ever seen.
 *
 * Throws StoreError, what `setBack` makes of a fence that is behind what was seen, and an Error when others were quicker
 * CLAIM_TRIES_MAX times in a row.
 */
export async function claimFence(
  ports: ClaimPorts,
  marks: FenceMarks,
  setBack: (found: Fence | null) => Error,
): Promise<Fence> {
  for (let attempt = 0; attempt < CLAIM_TRIES_MAX; attempt++) {
    const fence = await tryClaim(ports, marks, setBack);
    if (fence !== null) return fence;
  }
  throw new Error(
    `The fence of ${ports.shard} was claimed by others ${CLAIM_TRIES_MAX} times in a row.`,
  );
}

/** Null when another instance was quicker. */
async function tryClaim(
  { store, shard, instance, positionFloor }: ClaimPorts,
  marks: FenceMarks,
  setBack: (found: Fence | null) => Error,
): Promise<Fence | null> {
  const found = await store.readFence(shard);
  if (marks.isBehind(found)) throw setBack(found);
  // Above all that were ever given, also when Postgres was set back: no statement of those times gets through.
  const epoch = Math.max(found?.epoch ?? 0, marks.epoch ?? 0) + 1;
  if (found === null) return store.createFence(shard, instance, positionFloor, epoch);
  // Ours already: an earlier try had committed, its answer was lost.
  return found.owner === instance ? found : store.claimFence(shard, instance, found.epoch, epoch);
}
