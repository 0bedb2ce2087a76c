import type { PlayerKey } from "../core/player.ts";
import type { GroupWriter } from "./group-writer.ts";
import { PlayerMoved } from "./handed-over.ts";
import type { ShardMemory } from "./memory.ts";
import type { ShardPorts } from "./ports.ts";
import { Pursuit } from "./pursuit.ts";
import { playerName, type Resident } from "./resident.ts";
import { RewardPursuer } from "./reward-pursuer.ts";
import type { FirstResult } from "./seen-table.ts";
import type { ClaimOfPlayer } from "./settlement-item.ts";

/** What granting needs of a shard's memory. */
type GrantMemory = Pick<
  ShardMemory,
  "dedup" | "erasedPlayers" | "grantDoubts" | "moved" | "openGrants" | "parked" | "residents"
>;

/**
 * Asks the reward service for every open claim until it answers yes or no, and journals the answer. A grant that stays
 * without one for too long, or is refused after it may have been paid, is parked: an operator decides.
 *
 * The grant id is the idempotency key: after a lost answer, or a restart of the shard, the same grant is asked for under the
 * same key. Nothing is locked while a call is on its way.
 */
export class Granting {
  readonly #ports: ShardPorts;
  readonly #memory: GrantMemory;
  readonly #pursuer: RewardPursuer;
  readonly #open = new Map<string, Pursuit>();

  constructor(ports: ShardPorts, writer: GroupWriter, memory: GrantMemory) {
    this.#ports = ports;
    this.#memory = memory;
    this.#pursuer = new RewardPursuer(ports, writer, memory, (id, result) => this.end(id, result));
  }

  /** Grants that are asked for. */
  get size(): number {
    return this.#open.size;
  }

  /** True while a request waits for the outcome of this grant. */
  isAwaited(grantId: string): boolean {
    return (this.#open.get(grantId)?.waiting ?? 0) > 0;
  }

  /** Starts asking for the reward of a claim that this request made just now; does nothing when that is under way. */
  start(of: ClaimOfPlayer, requestId: string): void {
    const { grantId } = of.claim;
    // A call from before an operator took the claim back may still pay.
    const isCalled = this.#pursuer.isCalling(grantId);
    this.#start(of, isCalled ? this.#ports.realClock.now() : null, requestId);
  }

  /** The same for a claim that may have been asked for already without anybody having heard the answer. */
  startAgain(of: ClaimOfPlayer): void {
    this.#start(of, this.#ports.realClock.now(), null);
  }

  /** Asks now, and not after the pause; takes the asking up again for a grant that was parked. */
  askNow(grant: ClaimOfPlayer): void {
    this.#open.get(grant.claim.grantId)?.hurry();
    this.startAgain(grant);
  }

  /**
   * Stops asking, by whatever found the grant's end; call it in the turn of that end's write.
   *
   * A call that is under way goes on: if it says "granted" after the claim was taken back, the ledger says so too, and the
   * completion is claimed wherever it stands. Whatever else it says changes nothing.
   */
  end(grantId: string, result: FirstResult | null): void {
    this.#open.get(grantId)?.end(result);
    this.#open.delete(grantId);
  }

  /** Takes up the open claims of a player who was just loaded; those that are parked stay so. */
  resume(resident: Resident): void {
    if (this.#memory.moved.has(resident.name)) return;
    for (const row of resident.rows.values()) {
      const { challengeId, goalId, openClaim: claim } = row;
      if (claim === null) continue;
      const of = { player: resident.player, challengeId, goalId, claim };
      this.#memory.openGrants.adopt(of, this.#ports.realClock.now());
      this.startAgain(of);
    }
  }

  /** Stops asking for a player whom another shard has now; that one asks, under the same grant ids. */
  release(player: PlayerKey): void {
    const name = playerName(player);
    for (const [grantId, pursuit] of this.#open) {
      if (playerName(pursuit.player) === name) this.end(grantId, null);
    }
  }

  /** The outcome of a grant; null when it takes longer than `milliseconds`, or when it is not asked for. */
  async outcome(grantId: string, milliseconds: number): Promise<FirstResult | null> {
    const pursuit = this.#open.get(grantId);
    if (pursuit === undefined) return null;
    const { promise: timeout, resolve } = Promise.withResolvers<null>();
    const cancel = this.#ports.after(milliseconds, () => resolve(null));
    pursuit.waiting++;
    try {
      return await Promise.race([pursuit.settled, timeout]);
    } finally {
      pursuit.waiting--;
      cancel();
    }
  }

  #start(of: ClaimOfPlayer, unansweredAt: number | null, requestId: string | null): void {
    const { grantId } = of.claim;
    const grant = this.#memory.openGrants.get(grantId);
    const isAsked = this.#open.has(grantId) || grant === undefined || grant.isParked;
    if (isAsked) return;
    const now = this.#ports.realClock.now();
    const pursuit = new Pursuit(of, grant.attempts, unansweredAt, {
      requestId,
      startedAt: now,
      doubtedSince: this.#memory.grantDoubts.since(of.claim, now),
    });
    this.#open.set(grantId, pursuit);
    this.#pursuer.pursue(pursuit).catch((error: unknown) => {
      if (error instanceof PlayerMoved) return;
      // The group could not be written: the instance is ending, and the next one resumes the claim.
      const { shard } = this.#ports;
      this.#ports.log("grant-unsettled", { shard, grantId, error: String(error) });
    });
  }
}
