import { letterError } from "../core/dead-letter.ts";
import { type FlushAttempt, StoreError } from "../core/shard-store.ts";
import type { FenceKeeper } from "./fence-keeper.ts";
import { type OpenFlush, type PlannedFlush, takeAttempt } from "./flush-attempt.ts";
import { type FlushNote, logFlush, noteFlush } from "./flush-line.ts";
import { OPEN_FLUSHES_MAX } from "./limits.ts";
import type { ShardMemory } from "./memory.ts";
import { planNextFlush } from "./next-flush.ts";
import type { ShardPorts } from "./ports.ts";
import { RefusedPlayers } from "./refused-players.ts";
import { playerName, type Resident } from "./resident.ts";
import { writeOrAbort } from "./write-or-abort.ts";

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
  /** The fence was read, and an earlier attempt may have been recognised; what is dirty now is still to be sent. */
  | { readonly outcome: "settled" }
  /** Postgres refused what the statement holds; the next one is smaller, or leaves the one out who is to blame. */
  | { readonly outcome: "refused" }
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
  /** By number: attempts that may still commit, or have. All of them follow the same committed flush. */
  readonly #open = new Map<number, OpenFlush & FlushNote>();
  readonly #refused = new RefusedPlayers();
  #lastNumber = 0;
  #isUnsettled = false;
  /** The last statement moved the fence, and left players out for want of room. */
  #isBehind = false;

  constructor(memory: ShardMemory, fence: FenceKeeper, ports: ShardPorts) {
    this.#memory = memory;
    this.#fence = fence;
    this.#ports = ports;
  }

  /** Whom no flush can take; null: nobody. */
  get trouble(): string | null {
    return this.#refused.trouble;
  }

  /** Sends one statement, or settles an earlier one. Needs the fence claimed. Throws StoreError and ShardStopped. */
  async flush(): Promise<FlushResult> {
    if (this.#isUnsettled) {
      await this.#settle();
      return { outcome: "settled" };
    }
    const plan = planNextFlush(
      this.#memory,
      this.#fence,
      this.#refused,
      this.#ports,
      this.#isBehind,
    );
    if (plan === null) return { outcome: "idle" };
    // Until this one got through: one that did not may have been too much.
    this.#isBehind = false;
    const attempt = this.#attempt(plan);
    const answer = await this.#send(attempt, plan);
    if (answer === "refused") return { outcome: "refused" };
    if (answer === "elsewhere") {
      if (await this.#settle()) return { outcome: "settled" };
      throw new Error("Postgres did not move the fence, and the fence shows no reason for it.");
    }
    const rows = this.#open.get(attempt.flush)?.rows ?? 0;
    this.#confirm(attempt.flush, false);
    this.#isBehind = plan.leftOut > 0;
    return { outcome: "moved", players: attempt.players.length, rows, leftOut: plan.leftOut };
  }

  #attempt(plan: PlannedFlush): FlushAttempt {
    const previous = this.#fence.flush;
    this.#lastNumber = Math.max(this.#lastNumber, previous) + 1;
    const { journal } = this.#memory;
    const marks = {
      shard: this.#ports.shard,
      epoch: this.#fence.epoch ?? 0,
      flush: this.#lastNumber,
      previous,
      high: journal.last,
    };
    const { attempt, open } = takeAttempt(plan, marks, journal);
    const note = noteFlush(plan, attempt, journal, this.#ports);
    this.#open.set(attempt.flush, { ...open, ...note });
    return attempt;
  }

  /** What became of the fence. Throws when that is not known, or when the statement failed for nothing that it holds. */
  async #send(
    attempt: FlushAttempt,
    { players }: PlannedFlush,
  ): Promise<"moved" | "elsewhere" | "refused"> {
    this.#isUnsettled = true;
    try {
      return (await this.#ports.store.flush(attempt)) ? "moved" : "elsewhere";
    } catch (error) {
      // What certainly did not commit never will.
      if (error instanceof StoreError && error.isDefinite) this.#open.delete(attempt.flush);
      if (error instanceof StoreError && error.isDataFault && players.length > 0) {
        this.#refuse(players, error);
        return "refused";
      }
      if (this.#open.size > OPEN_FLUSHES_MAX) {
        // The next instance's epoch makes all of them void; nothing else does, as long as none commits.
        this.#ports.abort(`The end of ${this.#open.size} flushes is unknown.`);
      }
      throw error;
    }
  }

  /** One of these players is to blame. The fence need not be read: what was known of it still holds. */
  #refuse(players: readonly Resident[], error: StoreError): void {
    this.#isUnsettled = false;
    const { shard, log, realClock } = this.#ports;
    const reason = letterError(error);
    log("flush-refused", { shard, players: players.length, error: reason });
    const setAside = this.#refused.refuse(players, reason, realClock.now());
    if (setAside === null) return;
    log("player-set-aside", { shard, ...setAside.player, error: reason });
  }

  /** Reads the fence. True when it shows that one of the attempts had committed. */
  async #settle(): Promise<boolean> {
    const fence = await this.#fence.read();
    const { flush } = fence;
    const hasMoved = flush !== this.#fence.flush;
    if (hasMoved) {
      if (!this.#open.has(flush)) this.#fence.unknownFlush(fence);
      this.#confirm(flush, true);
    }
    this.#isUnsettled = false;
    return hasMoved;
  }

  #confirm(flush: number, isRecognised: boolean): void {
    const confirmed = this.#open.get(flush);
    if (confirmed === undefined) return;
    const { upto, players, isLetter, rows } = confirmed;
    writeOrAbort(this.#ports, "The end of a flush", () => {
      this.#fence.moved(flush, upto, this.#memory.journal.arrivalOf(upto));
      this.#memory.journal.trim(upto);
    });
    this.#open.clear();
    this.#isUnsettled = false;
    const names = players.map(({ player }) => playerName(player));
    this.#refused.stored(names, isLetter, rows);
    const { shard, log } = this.#ports;
    for (const { player, applied, letters } of players) {
      const name = playerName(player);
      if (isLetter) this.#memory.letGo(name, applied);
      else this.#memory.residents.stored(name, applied);
      if (letters > 0) log("dead-letter-written", { shard, ...player, letters });
    }
    logFlush(this.#ports, flush, confirmed, isRecognised);
  }
}
