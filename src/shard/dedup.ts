import { IdWindow } from "./id-window.ts";
import { type FirstResult, SeenTable, type TaggedId } from "./seen-table.ts";
import type { Sql } from "./sql.ts";

/** How long ids are remembered: whichever of the two is shorter. Published at /v1/limits. */
export interface DedupLimits {
  readonly maxIds: number;
  readonly seconds: number;
}

/** One group's ids: where they stand in the window, and in which row of SQLite. */
interface SeenGroup {
  readonly row: number;
  readonly start: number;
  readonly count: number;
  readonly at: number;
}

/**
 * Which operations this shard has taken, and how their commands were answered.
 *
 * One SQLite row per group, apart from the journal: ids outlive the flush of their operations, and a restart of the shard.
 * Ages are measured by the real clock, whatever the rules take for now. Results are read from SQLite when a repeat asks.
 */
export class Dedup {
  readonly #table: SeenTable;
  readonly #limits: DedupLimits;
  readonly #window = new IdWindow();
  readonly #pendingClaims = new Map<string, string[]>();
  #groups: SeenGroup[] = [];
  #added = 0;
  #hits = 0;

  constructor(sql: Sql, limits: DedupLimits) {
    this.#table = new SeenTable(sql);
    this.#limits = limits;
    for (const { row, at, ids } of this.#table.rows()) this.#remember(row, at, ids);
    for (const [id, result] of this.#table.pendingResults()) this.#notePending(id, result);
  }

  /** True when the id was taken within the window. */
  has(id: string): boolean {
    const isKnown = this.#window.has(id);
    if (isKnown) this.#hits++;
    return isKnown;
  }

  /** How a command was answered; undefined for an unknown id and for an event. */
  resultOf(id: string): FirstResult | undefined {
    const group = this.#groupOf(id);
    return group === undefined ? undefined : this.#table.resultsOf(group.row).get(id);
  }

  /** How often an id was met again. */
  get hits(): number {
    return this.#hits;
  }

  /** A player's ids in the window, oldest first, and how its commands were answered. May hold a few ids of others. */
  ofPlayer(tag: number): {
    readonly ids: string[];
    readonly results: { readonly id: string; readonly result: FirstResult }[];
  } {
    const ids = this.#window.idsOf(tag);
    const results = ids.flatMap((id) => {
      const result = this.resultOf(id);
      return result === undefined ? [] : [{ id, result }];
    });
    return { ids, results };
  }

  /** Ids in the window. */
  get size(): number {
    return this.#window.size;
  }

  /**
   * Takes one group's ids, and the results of its commands. `at`: where its operations stand in the journal, null without any;
   * their ids come before those of refused commands. Throws when the write fails.
   */
  add(
    ids: readonly TaggedId[],
    results: ReadonlyMap<string, FirstResult>,
    realNow: number,
    at: { readonly first: number; readonly operations: number } | null = null,
  ): void {
    if (ids.length === 0) return;
    const row = (this.#groups.at(-1)?.row ?? 0) + 1;
    this.#table.insert({ row, at: realNow, ids }, results, at);
    this.#remember(row, realNow, ids);
    for (const [id, result] of results) this.#notePending(id, result);
  }

  /** Replaces the answer of every claim that was told "pending" for this grant. Throws when the write fails. */
  settleClaim(grantId: string, result: FirstResult): void {
    for (const id of this.#pendingClaims.get(grantId) ?? []) {
      const group = this.#groupOf(id);
      if (group === undefined) continue;
      this.#table.setResult(group.row, id, result);
    }
    this.#pendingClaims.delete(grantId);
  }

  /** Forgets what the window no longer covers. Whole groups only: at most one group more than `maxIds` is kept. */
  trim(realNow: number): void {
    const oldest = realNow - this.#limits.seconds * 1000;
    let dropped = 0;
    for (const group of this.#groups) {
      const isOutside = group.at < oldest || this.#window.size - group.count >= this.#limits.maxIds;
      if (!isOutside) break;
      this.#window.dropOldest(group.count);
      dropped++;
    }
    const last = this.#groups[dropped - 1];
    if (last === undefined) return;
    this.#groups = this.#groups.slice(dropped);
    this.#table.deleteUpTo(last.row);
  }

  #remember(row: number, at: number, ids: readonly TaggedId[]): void {
    const start = this.#added;
    for (const { id, tag } of ids) if (this.#window.add(id, tag)) this.#added++;
    this.#groups.push({ row, start, count: this.#added - start, at });
  }

  #notePending(id: string, result: FirstResult): void {
    if (result.kind !== "claim" || result.status !== "pending") return;
    const ids = this.#pendingClaims.get(result.grantId);
    if (ids === undefined) this.#pendingClaims.set(result.grantId, [id]);
    else ids.push(id);
  }

  #groupOf(id: string): SeenGroup | undefined {
    const sequence = this.#window.sequenceOf(id);
    if (sequence < 0) return undefined;
    let low = 0;
    let high = this.#groups.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#groups[middle]?.start ?? 0) <= sequence) low = middle;
      else high = middle - 1;
    }
    return this.#groups[low];
  }
}
