import { ensureColumn, numberOf, type Sql } from "./sql.ts";

/** How far a fence stood. */
export interface Marks {
  readonly epoch: number;
  readonly flush: number;
  readonly upto: number;
}

/** The fence as this object saw it last, and when a flush moved it last; kept in SQLite, so that a Postgres set back in time is noticed also after a restart. */
export class FenceMarks {
  readonly #sql: Sql;
  #seen: Marks | null = null;
  #flushedAt: number | null = null;

  constructor(sql: Sql) {
    this.#sql = sql;
    sql.run(
      "CREATE TABLE IF NOT EXISTS fence_seen (one INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, flush INTEGER NOT NULL, upto INTEGER NOT NULL)",
    );
    ensureColumn(sql, "fence_seen", "flushed_at", "INTEGER");
    for (const row of sql.all("SELECT epoch, flush, upto, flushed_at FROM fence_seen")) {
      const [epoch, flush] = [numberOf(row, "epoch"), numberOf(row, "flush")];
      this.#seen = { epoch, flush, upto: numberOf(row, "upto") };
      this.#flushedAt = row["flushed_at"] === null ? null : numberOf(row, "flushed_at");
    }
  }

  /** The epoch that was seen last, by whatever instance; null before the first. */
  get epoch(): number | null {
    return this.#seen?.epoch ?? null;
  }

  /** When a flush was confirmed last, by whatever instance, epoch milliseconds; null before the first. */
  get flushedAt(): number | null {
    return this.#flushedAt;
  }

  /** How far this object has seen Postgres contain its journal; null before the first claim. */
  get upto(): number | null {
    return this.#seen?.upto ?? null;
  }

  /** True when a fence stands where this object has been past already; null stands for no fence at all. */
  isBehind(fence: Marks | null): boolean {
    const seen = this.#seen;
    if (seen === null) return false;
    if (fence === null) return true;
    return fence.epoch < seen.epoch || fence.flush < seen.flush || fence.upto < seen.upto;
  }

  /** Notes where the fence stands; `flushedAt`: when a flush moved it there. Throws when the write fails. */
  remember({ epoch, flush, upto }: Marks, flushedAt = this.#flushedAt): void {
    const query =
      "INSERT OR REPLACE INTO fence_seen (one, epoch, flush, upto, flushed_at) VALUES (1, ?, ?, ?, ?)";
    this.#sql.run(query, epoch, flush, upto, flushedAt);
    this.#seen = { epoch, flush, upto };
    this.#flushedAt = flushedAt;
  }
}
