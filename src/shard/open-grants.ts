import type { Operation } from "../core/operation.ts";
import type { PlayerKey } from "../core/player.ts";
import { playerName } from "./resident.ts";
import type { ClaimOfPlayer } from "./settlement-item.ts";
import { type Sql, textOf } from "./sql.ts";

/** A grant that is started and not settled. */
export interface OpenGrant extends ClaimOfPlayer {
  /** How often the reward service was asked, as far as it is journaled. */
  readonly attempts: number;
  /** Since when it is asked for, by the real clock, epoch milliseconds: it is parked when that is too long ago. */
  readonly since: number;
  readonly isParked: boolean;
  /** The player was erased since the claim started. */
  readonly isErased: boolean;
}

/**
 * All grants that are started and not settled, with all that asking for them needs, in the shard's own SQLite.
 *
 * A new instance resumes them from here: without Postgres, and also when the player was erased meanwhile and no row tells
 * of the claim any more. Whether a grant is open at this moment is answered from here and nowhere else.
 */
export class OpenGrants {
  readonly #sql: Sql;
  readonly #grants = new Map<string, OpenGrant>();
  readonly #inherited = new Set<string>();

  /** `realNow`: for grants of a version that did not note since when they are asked for. */
  constructor(sql: Sql, realNow: number) {
    this.#sql = sql;
    sql.run(
      "CREATE TABLE IF NOT EXISTS open_grant (grant_id TEXT PRIMARY KEY, claim TEXT NOT NULL) WITHOUT ROWID",
    );
    const unknown = { attempts: 0, since: realNow, isParked: false, isErased: false };
    for (const row of sql.all("SELECT grant_id, claim FROM open_grant")) {
      const grant: ClaimOfPlayer & Partial<OpenGrant> = JSON.parse(textOf(row, "claim"));
      const grantId = textOf(row, "grant_id");
      this.#grants.set(grantId, { ...unknown, ...grant });
      this.#inherited.add(grantId);
    }
  }

  get size(): number {
    return this.#grants.size;
  }

  /** How many of them wait for an operator. */
  get parked(): number {
    return [...this.#grants.values()].filter(({ isParked }) => isParked).length;
  }

  /** The grant; undefined when it was never started here, is settled, or is not this player's. */
  get(grantId: string, of?: PlayerKey): OpenGrant | undefined {
    const grant = this.#grants.get(grantId);
    const isForeign =
      grant !== undefined && of !== undefined && playerName(grant.player) !== playerName(of);
    return isForeign ? undefined : grant;
  }

  /** Those that an earlier instance started and that are to be asked for, as far as they are still open. */
  inherited(): readonly OpenGrant[] {
    return [...this.#grants.values()].filter(
      ({ claim, isParked }) => !isParked && this.#inherited.has(claim.grantId),
    );
  }

  /** Those of one player. */
  ofPlayer(player: PlayerKey): OpenGrant[] {
    const name = playerName(player);
    return [...this.#grants.values()].filter((grant) => playerName(grant.player) === name);
  }

  /** Takes over one that another shard started, unless it is known. Throws when the write fails. */
  take(grant: OpenGrant): void {
    const { grantId } = grant.claim;
    if (this.#grants.has(grantId)) return;
    this.#grants.set(grantId, grant);
    this.#inherited.add(grantId);
    this.#write(grantId);
  }

  /** Takes up a claim from the row of a loaded player, in case this storage does not know it: it was set back, say. */
  adopt(of: ClaimOfPlayer, realNow: number): void {
    const { grantId, isParked = false } = of.claim;
    if (this.#grants.has(grantId)) return;
    this.#grants.set(grantId, { ...of, attempts: 0, since: realNow, isParked, isErased: false });
  }

  /** Notes what an operation does to grants; call it in the turn in which the operation is decided. */
  apply(player: PlayerKey, operation: Operation, realNow: number): void {
    if (operation.kind === "erase") {
      for (const { claim } of this.ofPlayer(player)) {
        this.#change(claim.grantId, { isErased: true });
      }
      return;
    }
    if (!("claim" in operation)) return;
    const { grantId } = operation.claim;
    switch (operation.kind) {
      case "claim-started":
        this.#grants.delete(grantId);
        return this.adopt(claimOf(player, operation), realNow);
      case "claim-tried":
        return this.#change(grantId, { attempts: operation.attempts });
      case "claim-parked":
        return this.#change(grantId, { attempts: operation.attempts, isParked: true });
      case "claim-retried":
        return this.#change(grantId, { since: realNow, isParked: false });
      case "claim-granted":
      case "claim-rejected":
      case "claim-cancelled":
        this.#grants.delete(grantId);
        // A claim that was rejected can be made again, and is this instance's own then.
        this.#inherited.delete(grantId);
    }
  }

  /** Stores what `apply` noted; call it in the turn of the journal's write. Throws when the write fails. */
  store(player: PlayerKey, operation: Operation): void {
    if (operation.kind === "erase") {
      for (const { claim } of this.ofPlayer(player)) this.#write(claim.grantId);
    } else if ("claim" in operation) {
      this.#write(operation.claim.grantId);
    }
  }

  #write(grantId: string): void {
    const grant = this.#grants.get(grantId);
    if (grant === undefined) {
      this.#sql.run("DELETE FROM open_grant WHERE grant_id = ?", grantId);
      return;
    }
    this.#sql.run(
      "INSERT OR REPLACE INTO open_grant (grant_id, claim) VALUES (?, ?)",
      grantId,
      JSON.stringify(grant),
    );
  }

  #change(grantId: string, change: Partial<OpenGrant>): void {
    const grant = this.#grants.get(grantId);
    if (grant !== undefined) this.#grants.set(grantId, { ...grant, ...change });
  }
}

function claimOf(
  player: PlayerKey,
  { challengeId, goalId, claim }: Omit<ClaimOfPlayer, "player">,
): ClaimOfPlayer {
  return { player, challengeId, goalId, claim };
}
