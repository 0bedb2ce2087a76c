import type { Operation } from "../core/operation.ts";
import type { OpenClaim, PlayerKey } from "../core/player.ts";
import { playerTag } from "./resident.ts";
import { numberOf, type Sql, textOf } from "./sql.ts";

/** When a shard went on over a Postgres that was set back; all grants of its lost span are forgotten. */
export interface SetBackInstant {
  /** By the real clock, epoch milliseconds: every forgotten call of the reward service had begun by then. */
  readonly at: number;
  /** By the rules' clock, epoch milliseconds: no completion of a period that starts later can have been paid. */
  readonly ruledAt: number;
}

/** What an older shard knows of a player's grants that were perhaps paid; plain data, it crosses RPC. */
export interface DoubtsOfPlayer {
  readonly setBack: SetBackInstant | null;
  /** Cancelled grants of the player, and perhaps of a few others: a hash tells whose they are. */
  readonly cancelled: readonly { readonly grantId: string; readonly at: number }[];
}

/** So many cancelled grants are remembered, 100 bytes each: operators cancel by hand, and the newest are claimed again. */
const CANCELLED_MAX = 10_000;

/**
 * Which claims may have been paid before, although neither row nor open grant says so: those that a restore of Postgres has
 * made undone, and those that an operator took back. In the shard's own SQLite, which no restore sets back.
 *
 * A set-back is kept for good: a goal without periods has one grant id for ever, and its player may come back after years.
 */
export class GrantDoubts {
  readonly #sql: Sql;
  #setBack: SetBackInstant | null = null;
  /** At most so many cancelled grants are stored; counting them anew at each would read them all. */
  #cancelledAtMost = 0;

  constructor(sql: Sql) {
    this.#sql = sql;
    sql.run(
      "CREATE TABLE IF NOT EXISTS set_back (one INTEGER PRIMARY KEY, at INTEGER NOT NULL, ruled_at INTEGER NOT NULL)",
    );
    sql.run(
      "CREATE TABLE IF NOT EXISTS cancelled_grant (grant_id TEXT PRIMARY KEY, tag INTEGER NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID",
    );
    for (const row of sql.all("SELECT at, ruled_at FROM set_back")) {
      this.#setBack = { at: numberOf(row, "at"), ruledAt: numberOf(row, "ruled_at") };
    }
    for (const row of sql.all("SELECT COUNT(*) AS count FROM cancelled_grant")) {
      this.#cancelledAtMost = numberOf(row, "count");
    }
  }

  /**
   * When a call for this claim's grant, which nobody remembers, may have ended last, epoch milliseconds; null: there was none.
   *
   * Of a cancelled one it is now, for its call may be under way still: whoever was called gets its time to settle.
   */
  since(
    { grantId, period }: Pick<OpenClaim, "grantId" | "period">,
    realNow: number,
  ): number | null {
    const query = "SELECT 1 FROM cancelled_grant WHERE grant_id = ?";
    if ([...this.#sql.all(query, grantId)].length > 0) return realNow;
    const setBack = this.#setBack;
    // A period's id is its start. Written so that one that cannot be read leaves the doubt.
    const isNewer = period !== null && setBack !== null && Date.parse(period) > setBack.ruledAt;
    return isNewer ? null : (setBack?.at ?? null);
  }

  /** Notes that the shard goes on over a Postgres that was set back. Throws when the write fails. */
  noteSetBack({ at, ruledAt }: SetBackInstant): void {
    const known = this.#setBack;
    const newest = {
      at: Math.max(known?.at ?? at, at),
      ruledAt: Math.max(known?.ruledAt ?? ruledAt, ruledAt),
    };
    const query = "INSERT OR REPLACE INTO set_back (one, at, ruled_at) VALUES (1, ?, ?)";
    this.#sql.run(query, newest.at, newest.ruledAt);
    this.#setBack = newest;
  }

  /** Notes a claim that is taken back; call it in the turn of the journal's write. Throws when the write fails. */
  note(player: PlayerKey, operation: Operation, realNow: number): void {
    if (operation.kind !== "claim-cancelled") return;
    this.#addCancelled(playerTag(player), operation.claim.grantId, realNow);
  }

  /** What a newer shard has to know that takes the player over. */
  ofPlayer(player: PlayerKey): DoubtsOfPlayer {
    const query = "SELECT grant_id, at FROM cancelled_grant WHERE tag = ?";
    const cancelled = [...this.#sql.all(query, playerTag(player))].map((row) => ({
      grantId: textOf(row, "grant_id"),
      at: numberOf(row, "at"),
    }));
    return { setBack: this.#setBack, cancelled };
  }

  /** Takes over what an older shard knew, for all players of this one: too much doubt costs a look, too little a reward. */
  take(player: PlayerKey, { setBack, cancelled }: DoubtsOfPlayer): void {
    if (setBack !== null && this.#isNews(setBack)) this.noteSetBack(setBack);
    for (const { grantId, at } of cancelled) this.#addCancelled(playerTag(player), grantId, at);
  }

  #isNews({ at, ruledAt }: SetBackInstant): boolean {
    const known = this.#setBack;
    return known === null || at > known.at || ruledAt > known.ruledAt;
  }

  #addCancelled(tag: number, grantId: string, at: number): void {
    this.#sql.run(
      "INSERT OR REPLACE INTO cancelled_grant (grant_id, tag, at) VALUES (?, ?, ?)",
      grantId,
      tag,
      at,
    );
    if (++this.#cancelledAtMost <= CANCELLED_MAX) return;
    this.#cancelledAtMost = CANCELLED_MAX;
    this.#sql.run(
      "DELETE FROM cancelled_grant WHERE at < (SELECT at FROM cancelled_grant ORDER BY at DESC LIMIT 1 OFFSET ?)",
      CANCELLED_MAX - 1,
    );
  }
}
