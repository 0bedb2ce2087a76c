import type { FlushAttempt } from "../core/shard-store.ts";
import type { FenceKeeper } from "./fence-keeper.ts";
import { type FlushPlan, planFlush } from "./flush-plan.ts";
import { FLUSH_PLAYERS_MAX, FLUSH_ROWS_MAX } from "./limits.ts";
import type { ShardMemory } from "./memory.ts";
import type { ShardPorts } from "./ports.ts";
import { playerName } from "./resident.ts";

/** What a flush came to. */
export type FlushResult =
  /** The fence moved: rows and marks are in Postgres. */
  | {
      readonly outcome: "moved";
      readonly players: number;
      readonly rows: number;
      /** Dirty players for whom the statement had no room. */
      readonly leftOut: number;
    }
  /** The fence stood elsewhere, or nobody knows; it was read, and an earlier attempt may have been recognised. */
  | { readonly outcome: "settled" }
  /** Nothing to write. */
  | { readonly outcome: "idle" };

/**
 * Moves what Postgres lacks there, one fenced statement at a time.
 *
 * Every attempt has its own number. After anything but a plain success the fence is read before another statement is
 * sent: it tells which of the attempts, if any, had committed. A statement that arrives late finds another number in the
 * fence and does nothing; one that arrives in between is recognised by its number.
 */
export class Flusher {
  readonly #memory: ShardMemory;
  readonly #fence: FenceKeeper;
  readonly #ports: ShardPorts;
  /** Attempts that may still commit, or have: all of them follow the same committed flush. */
  readonly #attempts = new Map<number, FlushAttempt>();
  #lastNumber = 0;
  #isUnsettled = false;

  constructor(memory: ShardMemory, fence: FenceKeeper, ports: ShardPorts) {
    this.#memory = memory;
    this.#fence = fence;
    this.#ports = ports;
  }

  /** Sends one statement, or settles an earlier one. Needs the fence claimed. Throws StoreError and ShardStopped. */
  async flush(): Promise<FlushResult> {
    if (this.#isUnsettled) {
      await this.#settle();
      return { outcome: "settled" };
    }
    const plan = this.#plan();
    if (plan === null) return { outcome: "idle" };
    const attempt = this.#attempt(plan);
    this.#isUnsettled = true;
    const hasMoved = await this.#ports.store.flush(attempt);
    if (!hasMoved) {
      await this.#settle();
      return { outcome: "settled" };
    }
    this.#confirm(attempt);
    const rows = attempt.players.reduce((sum, player) => sum + player.rows.length, 0);
    return { outcome: "moved", players: attempt.players.length, rows, leftOut: plan.leftOut };
  }

  #plan(): FlushPlan | null {
    const { journal, residents, parked } = this.#memory;
    const plan = planFlush({
      dirty: residents.dirtyOldestFirst(),
      parkedSince: parked.since,
      last: journal.last,
      upto: this.#fence.upto,
      rowsMax: FLUSH_ROWS_MAX,
      playersMax: FLUSH_PLAYERS_MAX,
    });
    // Without players the fence still moves: over operations whose rows turned out to hold them already.
    const isUseful = plan.players.length > 0 || (plan.upto > this.#fence.upto && !this.#isEmpty());
    return isUseful ? plan : null;
  }

  #isEmpty(): boolean {
    return this.#memory.journal.size.operations === 0;
  }

  #attempt(plan: FlushPlan): FlushAttempt {
    const previous = this.#fence.flush;
    this.#lastNumber = Math.max(this.#lastNumber, previous) + 1;
    const attempt: FlushAttempt = {
      shard: this.#ports.shard,
      epoch: this.#fence.epoch ?? 0,
      flush: this.#lastNumber,
      previous,
      upto: plan.upto,
      high: this.#memory.journal.last,
      players: plan.players.map((resident) => resident.snapshot()),
    };
    this.#attempts.set(attempt.flush, attempt);
    return attempt;
  }

  async #settle(): Promise<void> {
    const fence = await this.#fence.read();
    if (fence.flush !== this.#fence.flush) {
      const attempt = this.#attempts.get(fence.flush);
      if (attempt === undefined) this.#fence.foreignEpoch(null);
      else this.#confirm(attempt);
    }
    this.#isUnsettled = false;
  }

  #confirm(attempt: FlushAttempt): void {
    this.#isUnsettled = false;
    this.#attempts.clear();
    this.#fence.moved(attempt.flush, attempt.upto);
    this.#memory.journal.trim(attempt.upto);
    for (const { player, applied } of attempt.players) {
      this.#memory.residents.stored(playerName(player), applied);
    }
  }
}
