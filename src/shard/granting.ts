import type { PlayerKey } from "../core/player.ts";
import type { GrantOutcome } from "../core/ports.ts";
import type { FirstResult } from "./dedup.ts";
import type { GroupWriter } from "./group-writer.ts";
import {
  GRANT_REASON_LENGTH_MAX,
  GRANT_RETRY_FIRST_MS,
  GRANT_RETRY_MAX_MS,
  GRANTS_IN_FLIGHT_MAX,
} from "./limits.ts";
import type { ShardMemory } from "./memory.ts";
import { operationId } from "./operation-id.ts";
import type { ShardPorts } from "./ports.ts";
import { playerName, type Resident } from "./resident.ts";
import { Semaphore } from "./semaphore.ts";
import { type ClaimOfPlayer, type Settlement, SettlementItem } from "./settlement-item.ts";

/** A grant on its way: all that is needed to ask for it, kept by grant id and not by a player object. */
interface OpenGrant extends ClaimOfPlayer {
  readonly settled: Promise<FirstResult>;
  /** As in GrantRequest, by the real clock. */
  unansweredAt: number | null;
  /** Requests that wait for the outcome at this moment. */
  waiting: number;
}

/**
 * Asks the reward service for every open claim until it answers yes or no, and journals the answer.
 *
 * The grant id is the idempotency key: after a lost answer, or a restart of the shard, the same grant is asked for under the
 * same key. Nothing is locked while a call is on its way.
 */
export class Granting {
  readonly #ports: ShardPorts;
  readonly #writer: GroupWriter;
  readonly #memory: Pick<ShardMemory, "dedup" | "erasedPlayers" | "parked" | "residents">;
  readonly #open = new Map<string, OpenGrant>();
  readonly #slots = new Semaphore(GRANTS_IN_FLIGHT_MAX);
  #settlements = 0;

  constructor(
    ports: ShardPorts,
    writer: GroupWriter,
    memory: Pick<ShardMemory, "dedup" | "erasedPlayers" | "parked" | "residents">,
  ) {
    this.#ports = ports;
    this.#writer = writer;
    this.#memory = memory;
  }

  /** Grants whose outcome is not journaled yet. */
  get size(): number {
    return this.#open.size;
  }

  /** True while a request waits for the outcome of this grant. */
  isAwaited(grantId: string): boolean {
    return (this.#open.get(grantId)?.waiting ?? 0) > 0;
  }

  /** Starts asking for the reward of a claim that was journaled just now; does nothing when that is under way. */
  start(claim: ClaimOfPlayer): void {
    this.#start(claim, null);
  }

  /** The same for a claim of an earlier instance, which may have asked already and not lived to hear the answer. */
  startAgain(claim: ClaimOfPlayer): void {
    this.#start(claim, this.#ports.realClock.now());
  }

  /** Takes up the open claims of a player who was just loaded. */
  resume(resident: Resident): void {
    for (const row of resident.rows.values()) {
      const { challengeId, goalId, openClaim: claim } = row;
      if (claim === null) continue;
      this.startAgain({ player: resident.player, challengeId, goalId, claim });
    }
  }

  /** The outcome of an open grant; null when it takes longer than `milliseconds`, or when no such grant is open. */
  async outcome(grantId: string, milliseconds: number): Promise<FirstResult | null> {
    const grant = this.#open.get(grantId);
    if (grant === undefined) return null;
    const { promise: timeout, resolve } = Promise.withResolvers<null>();
    const cancel = this.#ports.after(milliseconds, () => resolve(null));
    grant.waiting++;
    try {
      return await Promise.race([grant.settled, timeout]);
    } finally {
      grant.waiting--;
      cancel();
    }
  }

  #start({ player, challengeId, goalId, claim }: ClaimOfPlayer, unansweredAt: number | null): void {
    if (this.#open.has(claim.grantId)) return;
    const { promise: settled, resolve } = Promise.withResolvers<FirstResult>();
    const grant = { player, challengeId, goalId, claim, settled, unansweredAt, waiting: 0 };
    this.#open.set(claim.grantId, grant);
    this.#pursue(grant).then(resolve, (error: unknown) => {
      // The group could not be written: the instance is ending, and the next one resumes the claim.
      const { shard } = this.#ports;
      this.#ports.log("grant-unsettled", { shard, grantId: claim.grantId, error: String(error) });
    });
  }

  async #pursue(grant: OpenGrant): Promise<FirstResult> {
    let pauseMs = GRANT_RETRY_FIRST_MS;
    for (let attempts = 1; ; attempts++) {
      const outcome = await this.#ask(grant);
      if (outcome.outcome === "granted" || outcome.outcome === "rejected") {
        return this.#settle(grant, { ...withShortReason(outcome), attempts });
      }
      if (outcome.outcome === "unknown") grant.unansweredAt = this.#ports.realClock.now();
      const { grantId } = grant.claim;
      this.#ports.log(`grant-${outcome.outcome}`, { grantId, attempts, reason: outcome.reason });
      await this.#pause(pauseMs);
      pauseMs = Math.min(pauseMs * 2, GRANT_RETRY_MAX_MS);
    }
  }

  async #ask(grant: OpenGrant): Promise<GrantOutcome> {
    const { player, challengeId, goalId, claim, unansweredAt } = grant;
    const { namespace, userId } = player;
    const { grantId, reward } = claim;
    if (this.#memory.erasedPlayers.has(player)) {
      const told = await this.#askLedger(player, grantId);
      if (told !== null) return told;
    }
    const request = { grantId, namespace, userId, challengeId, goalId, reward, unansweredAt };
    try {
      return await this.#slots.run(() => this.#ports.granter.grant(request));
    } catch (error) {
      // A granter must not throw; one that does may have paid before it did.
      return { outcome: "unknown", reason: `The granter failed: ${String(error)}` };
    }
  }

  /**
   * Whether an erased player was paid under this grant id before; null: not so, ask the reward service.
   *
   * The ledger is partly on its way: in the journal of a player who is not loaded, in a line that no flush has taken yet.
   */
  async #askLedger(player: PlayerKey, grantId: string): Promise<GrantOutcome | null> {
    const { parked, residents } = this.#memory;
    const name = playerName(player);
    if (parked.positionsOf(name).length > 0) {
      return {
        outcome: "deferred",
        reason: "What the journal holds of the player is not applied yet.",
      };
    }
    if (residents.get(name)?.isGranted(grantId) === true) return { outcome: "granted" };
    try {
      return (await this.#ports.store.isGranted(grantId)) ? { outcome: "granted" } : null;
    } catch (error) {
      return { outcome: "deferred", reason: `The ledger did not answer: ${String(error)}` };
    }
  }

  #pause(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#ports.after(milliseconds, resolve);
    return promise;
  }

  async #settle(grant: OpenGrant, settlement: Settlement): Promise<FirstResult> {
    const { digest, instance } = this.#ports;
    const id = operationId(digest, ["settlement", instance, ++this.#settlements]);
    const item = new SettlementItem(id, grant, settlement, this.#memory.dedup);
    await this.#writer.add(item);
    item.assertWritten();
    this.#open.delete(grant.claim.grantId);
    return item.result;
  }
}

/** Rejections are told and stored: text of a foreign service, cut to what Postgres and a row of the journal can hold. */
function withShortReason(outcome: Extract<GrantOutcome, { outcome: "granted" | "rejected" }>) {
  if (outcome.outcome === "granted") return outcome;
  const printable = outcome.reason.replace(/\p{Cc}+/gu, " ");
  return { ...outcome, reason: printable.slice(0, GRANT_REASON_LENGTH_MAX).toWellFormed() };
}
