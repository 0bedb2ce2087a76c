import type { Fence } from "../core/shard-store.ts";
import { FenceMarks, type Marks } from "./fence-marks.ts";
import type { ShardPorts } from "./ports.ts";
import { writeOrAbort } from "./write-or-abort.ts";

/** Tries to claim before the caller is told to come again: each loss means that another instance was alive just now. */
const CLAIM_TRIES_MAX = 5;

/** Why a shard writes nothing any more. */
export class ShardStopped extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "ShardStopped";
  }
}

/**
 * This instance's right to write: the epoch it claimed, and how far Postgres contains the journal.
 *
 * An instance claims once. Two instances of one object can be alive at the same time; the fence in Postgres, not this
 * class, decides between them: whoever finds a foreign epoch stops and touches nothing.
 */
export class FenceKeeper {
  readonly #ports: ShardPorts;
  readonly #marks: FenceMarks;
  readonly #onClaimed: (fence: Fence) => void;
  #claimed: Marks | null = null;
  #claiming: Promise<void> | null = null;
  #stopped: string | null = null;

  /** `onClaimed` runs in the turn in which the claim is known, before anything can use it; its writes go with the claim's. */
  constructor(ports: ShardPorts, onClaimed: (fence: Fence) => void) {
    this.#ports = ports;
    this.#marks = new FenceMarks(ports.sql);
    this.#onClaimed = onClaimed;
  }

  /** The claimed epoch; null before the claim. */
  get epoch(): number | null {
    return this.#claimed?.epoch ?? null;
  }

  /** The epoch that this object claimed last, by this or an earlier instance. */
  get lastEpoch(): number | null {
    return this.#marks.epoch;
  }

  /** When a flush was confirmed last, by this or an earlier instance; null before the first. */
  get lastFlushAt(): number | null {
    return this.#marks.flushedAt;
  }

  /** Number of the last flush that is known to have committed. */
  get flush(): number {
    return this.#claimed?.flush ?? 0;
  }

  get upto(): number {
    return this.#claimed?.upto ?? 0;
  }

  /** Why this instance stopped writing; null while it has not. */
  get stopped(): string | null {
    return this.#stopped;
  }

  /** Claims the fence unless it is claimed. Throws StoreError, or ShardStopped when this instance must not write. */
  async ensure(): Promise<void> {
    if (this.#stopped !== null) throw new ShardStopped(this.#stopped);
    if (this.#claimed !== null) return;
    this.#claiming ??= this.#claim().finally(() => {
      this.#claiming = null;
    });
    await this.#claiming;
  }

  /** Takes over what a committed flush moved the fence to. Throws when the write fails. */
  moved(flush: number, upto: number): void {
    if (this.#claimed === null) return;
    const marks = { epoch: this.#claimed.epoch, flush, upto };
    this.#marks.remember(marks, this.#ports.realClock.now());
    this.#claimed = marks;
  }

  /** Reads the fence. Stops this instance, and throws ShardStopped, when the fence is foreign or behind what was seen. */
  async read(): Promise<Fence> {
    const fence = await this.#ports.store.readFence(this.#ports.shard);
    if (fence === null) throw this.#stop(SET_BACK);
    if (fence.epoch !== this.epoch) this.foreignEpoch(fence.epoch);
    if (this.#marks.isBehind(fence)) throw this.#stop(SET_BACK);
    return fence;
  }

  /** A statement met an epoch that is not this instance's: a larger one is another instance, a smaller one the past. */
  foreignEpoch(epoch: number | null): never {
    const isSuperseded = epoch !== null && epoch > (this.epoch ?? 0);
    throw this.#stop(isSuperseded ? SUPERSEDED : SET_BACK);
  }

  /** Writes nothing from now on. A superseded instance ends itself: the next call reaches the one that took over. */
  #stop(reason: string): ShardStopped {
    if (this.#stopped === null) {
      this.#stopped = reason;
      this.#ports.log("shard-stopped", { shard: this.#ports.shard, reason });
      if (reason === SUPERSEDED) this.#ports.abort(reason);
    }
    return new ShardStopped(this.#stopped);
  }

  async #claim(): Promise<void> {
    for (let attempt = 0; attempt < CLAIM_TRIES_MAX; attempt++) {
      const fence = await this.#tryClaim();
      if (fence === null) continue;
      this.#install(fence);
      return;
    }
    const { shard } = this.#ports;
    throw new Error(
      `The fence of ${shard} was claimed by others ${CLAIM_TRIES_MAX} times in a row.`,
    );
  }

  /** Null when another instance was quicker. */
  async #tryClaim(): Promise<Fence | null> {
    const { store, shard, instance, positionFloor } = this.#ports;
    const found = await store.readFence(shard);
    if (this.#marks.isBehind(found)) throw this.#stop(SET_BACK);
    if (found === null) return store.createFence(shard, instance, positionFloor);
    // Ours already: an earlier try had committed, its answer was lost.
    return found.owner === instance ? found : store.claimFence(shard, instance, found.epoch);
  }

  #install(fence: Fence): void {
    writeOrAbort(this.#ports, "The claim of the fence", () => {
      this.#marks.remember(fence);
      this.#onClaimed(fence);
    });
    this.#claimed = { epoch: fence.epoch, flush: fence.flush, upto: fence.upto };
    this.#ports.log("fence-claimed", { shard: this.#ports.shard, epoch: fence.epoch });
  }
}

const SUPERSEDED = "Another instance of this shard took over.";
const SET_BACK =
  "Postgres was set back in time: its fence is behind what this shard has seen. Nothing is written until an operator decides.";
