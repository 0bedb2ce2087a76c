import { describeLoss, type SetBackLoss } from "../core/set-back.ts";
import type { Fence } from "../core/shard-store.ts";
import { claimFence } from "./claim-fence.ts";
import { FenceMarks, type Marks } from "./fence-marks.ts";
import { FencePast } from "./fence-past.ts";
import type { ShardPorts } from "./ports.ts";
import { writeOrAbort } from "./write-or-abort.ts";

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
  readonly #past: FencePast;
  readonly #onClaimed: (fence: Fence) => void;
  #claimed: Marks | null = null;
  #claiming: Promise<void> | null = null;
  #stopped: string | null = null;

  /** `onClaimed` runs in the turn in which the claim is known, before anything can use it; its writes go with the claim's. */
  constructor(ports: ShardPorts, onClaimed: (fence: Fence) => void) {
    this.#ports = ports;
    this.#marks = new FenceMarks(ports.sql);
    this.#past = new FencePast(ports.sql);
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

  /** True when this instance stopped because Postgres was set back in time. */
  get isSetBack(): boolean {
    return this.#stopped !== null && this.#stopped !== SUPERSEDED;
  }

  /**
   * Takes over what a committed flush moved the fence to. `arrivedAt`: when the operation at `upto` arrived, null when that is
   * not known. Throws when the write fails.
   */
  moved(flush: number, upto: number, arrivedAt: number | null): void {
    if (this.#claimed === null) return;
    if (arrivedAt !== null) this.#past.note(upto, arrivedAt);
    const marks = { epoch: this.#claimed.epoch, flush, upto };
    this.#marks.remember(marks, this.#ports.realClock.now());
    this.#claimed = marks;
  }

  /** Reads the fence. Stops this instance, and throws ShardStopped, when the fence is foreign or behind what was seen. */
  async read(): Promise<Fence> {
    const fence = await this.#ports.store.readFence(this.#ports.shard);
    if (fence !== null && fence.epoch > (this.epoch ?? 0)) throw this.#stop(SUPERSEDED);
    const isForeign = fence === null || fence.epoch !== this.epoch;
    if (isForeign || this.#marks.isBehind(fence)) throw this.#setBack(fence);
    return fence;
  }

  /** A statement met an epoch that is not this instance's: a larger one is another instance, a smaller one the past. */
  async foreignEpoch(): Promise<never> {
    const fence = await this.read();
    // It is ours again by now: whatever answered was from another time than what is there.
    throw this.#setBack(fence);
  }

  /** The fence holds the number of a flush that this instance never sent. */
  unknownFlush(fence: Fence): never {
    throw this.#setBack(fence);
  }

  /** What is lost with the fence as it is now; null: there is none. */
  lossWith(fence: Fence | null): SetBackLoss {
    const { positionFloor } = this.#ports;
    const containedUpTo = fence?.upto ?? positionFloor;
    const flushedUpTo = Math.max(this.#marks.upto ?? positionFloor, containedUpTo);
    return {
      containedUpTo,
      flushedUpTo,
      lostAtMost: flushedUpTo - containedUpTo,
      lostFrom: this.#past.arrivalAtOrBelow(containedUpTo),
      lostTo: this.#past.arrivalAtOrAbove(flushedUpTo) ?? this.#marks.flushedAt,
    };
  }

  /** Takes a retaken fence for what was seen; the next instance claims it. Throws when the write fails. */
  takeBack(fence: Fence): void {
    this.#marks.remember(fence);
  }

  #setBack(fence: Fence | null): ShardStopped {
    const wayOn = `Nothing is written until an operator lets it go on: POST /v1/admin/shards/${this.#ports.shard}/resume.`;
    return this.#stop(`${describeLoss(this.lossWith(fence))} ${wayOn}`);
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
    this.#install(await claimFence(this.#ports, this.#marks, (found) => this.#setBack(found)));
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
