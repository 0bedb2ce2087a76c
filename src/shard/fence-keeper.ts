import type { Fence } from "../core/shard-store.ts";
import { type ShardPorts } from "./ports.ts";
import { numberOf, type Sql } from "./sql.ts";

/** Tries to claim before the caller is told to come again: each loss means that another instance was alive just now. */
const CLAIM_TRIES_MAX = 5;

/** Why a shard writes nothing any more. */
export class ShardStopped extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "ShardStopped";
  }
}

/** The marks of the fence as this object saw them last; kept in SQLite, so that a Postgres set back in time is noticed. */
interface Marks {
  readonly epoch: number;
  readonly flush: number;
  readonly upto: number;
}

/**
 * This instance's right to write: the epoch it claimed, and how far Postgres contains the journal.
 *
 * An instance claims once. Two instances of one object can be alive at the same time; the fence in Postgres, not this
 * class, decides between them: whoever finds a foreign epoch stops and touches nothing.
 */
export class FenceKeeper {
  readonly #ports: ShardPorts;
  readonly #sql: Sql;
  readonly #onClaimed: (fence: Fence) => void;
  #marks: Marks | null = null;
  #claimed: Marks | null = null;
  #claiming: Promise<void> | null = null;
  #stopped: string | null = null;

  /** `onClaimed` runs in the turn in which the claim is known, before anything can use it. */
  constructor(ports: ShardPorts, onClaimed: (fence: Fence) => void) {
    this.#ports = ports;
    this.#sql = ports.sql;
    this.#onClaimed = onClaimed;
    this.#sql.run(
      "CREATE TABLE IF NOT EXISTS fence_seen (one INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, flush INTEGER NOT NULL, upto INTEGER NOT NULL)",
    );
    for (const row of this.#sql.all("SELECT epoch, flush, upto FROM fence_seen")) {
      const [epoch, flush] = [numberOf(row, "epoch"), numberOf(row, "flush")];
      this.#marks = { epoch, flush, upto: numberOf(row, "upto") };
    }
  }

  /** The claimed epoch; null before the claim. */
  get epoch(): number | null {
    return this.#claimed?.epoch ?? null;
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

  /** Takes over what a committed flush moved the fence to. */
  moved(flush: number, upto: number): void {
    if (this.#claimed === null) return;
    this.#claimed = { epoch: this.#claimed.epoch, flush, upto };
    this.#remember(this.#claimed);
  }

  /** Reads the fence. Stops this instance, and throws ShardStopped, when the fence is foreign or behind what was seen. */
  async read(): Promise<Fence> {
    const fence = await this.#ports.store.readFence(this.#ports.shard);
    if (fence === null) this.#refuseSetBack();
    if (fence.epoch !== this.epoch) this.foreignEpoch(fence.epoch);
    if (this.#isBehind(fence)) this.#refuseSetBack();
    return fence;
  }

  /** A statement met an epoch that is not this instance's: a larger one is another instance, a smaller one the past. */
  foreignEpoch(epoch: number | null): never {
    const isSuperseded = epoch !== null && epoch > (this.epoch ?? 0);
    this.stop(isSuperseded ? SUPERSEDED : SET_BACK);
    throw new ShardStopped(this.#stopped ?? SUPERSEDED);
  }

  /** Writes nothing from now on. A superseded instance ends itself: the next call reaches the one that took over. */
  stop(reason: string): void {
    if (this.#stopped !== null) return;
    this.#stopped = reason;
    this.#ports.log("shard-stopped", { shard: this.#ports.shard, reason });
    if (reason === SUPERSEDED) this.#ports.abort(reason);
  }

  async #claim(): Promise<void> {
    const { store, shard, instance, positionFloor } = this.#ports;
    for (let attempt = 0; attempt < CLAIM_TRIES_MAX; attempt++) {
      const found = await store.readFence(shard);
      if (found === null && this.#marks !== null) this.#refuseSetBack();
      if (found !== null && this.#isBehind(found)) this.#refuseSetBack();
      // Ours already: an earlier try had committed, its answer was lost.
      const isOurs = found?.owner === instance;
      const fence = isOurs
        ? found
        : await (found === null
            ? store.createFence(shard, instance, positionFloor)
            : store.claimFence(shard, instance, found.epoch));
      if (fence !== null && fence !== undefined) {
        this.#install(fence);
        return;
      }
    }
    throw new Error(
      `The fence of ${shard} was claimed by others ${CLAIM_TRIES_MAX} times in a row.`,
    );
  }

  #install(fence: Fence): void {
    if (this.#claimed !== null) return;
    this.#claimed = { epoch: fence.epoch, flush: fence.flush, upto: fence.upto };
    this.#remember(this.#claimed);
    this.#onClaimed(fence);
    this.#ports.log("fence-claimed", { shard: this.#ports.shard, epoch: fence.epoch });
  }

  #refuseSetBack(): never {
    this.stop(SET_BACK);
    throw new ShardStopped(SET_BACK);
  }

  #isBehind(fence: Fence): boolean {
    const seen = this.#claimed ?? this.#marks;
    if (seen === null) return false;
    return fence.epoch < seen.epoch || fence.flush < seen.flush || fence.upto < seen.upto;
  }

  #remember(marks: Marks): void {
    this.#marks = marks;
    this.#sql.run(
      "INSERT OR REPLACE INTO fence_seen (one, epoch, flush, upto) VALUES (1, ?, ?, ?)",
      marks.epoch,
      marks.flush,
      marks.upto,
    );
  }
}

const SUPERSEDED = "Another instance of this shard took over.";
const SET_BACK =
  "Postgres was set back in time: its fence is behind what this shard has seen. Nothing is written until an operator decides.";
