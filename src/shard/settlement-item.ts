import type { Operation } from "../core/operation.ts";
import type { OpenClaim, PlayerKey } from "../core/player.ts";
import type { GrantOutcome } from "../core/ports.ts";
import { type GroupItem, itemBytes } from "./group-item.ts";
import type { ShardMemory } from "./memory.ts";
import type { Resident } from "./resident.ts";
import type { FirstResult } from "./seen-table.ts";

/** The claim that a grant is for. */
export interface ClaimOfPlayer {
  readonly player: PlayerKey;
  readonly challengeId: string;
  readonly goalId: string;
  readonly claim: OpenClaim;
}

/** Final answers of the reward service, with the number of times it was asked. */
export type Settlement = Extract<GrantOutcome, { outcome: "granted" | "rejected" }> & {
  readonly attempts: number;
};

/** What a settlement takes in the journal, with ids of 100 characters, beside the reason. */
const SETTLEMENT_BYTES = 2_500;

/** The journaling of a grant's outcome. Never refused, whatever the load: what was paid must be known. */
export class SettlementItem implements GroupItem {
  readonly id: string;
  readonly player: PlayerKey;
  readonly bytes: number;
  readonly #of: ClaimOfPlayer;
  readonly #settlement: Settlement;
  readonly #memory: Pick<ShardMemory, "dedup" | "openGrants">;
  readonly #onWritten: (result: FirstResult) => void;
  #at: number;
  #error: unknown = null;

  /**
   * `id`: never used before, since a claim that was rejected can be started, and settled, again. `onWritten` runs in the turn
   * in which it is journaled.
   */
  constructor(
    id: string,
    of: ClaimOfPlayer,
    settlement: Settlement,
    memory: Pick<ShardMemory, "dedup" | "openGrants">,
    onWritten: (result: FirstResult) => void,
  ) {
    this.id = id;
    this.player = of.player;
    this.#of = of;
    this.#settlement = settlement;
    this.#memory = memory;
    this.#onWritten = onWritten;
    this.#at = of.claim.startedAt;
    const reason = settlement.outcome === "rejected" ? settlement.reason : "";
    this.bytes = itemBytes(SETTLEMENT_BYTES, reason);
  }

  /** Null for a refusal of what an operator settled meanwhile. That something was paid is journaled all the same. */
  decide(_resident: Resident | undefined, { at }: { at: number }): Operation | null {
    this.#at = at;
    const { challengeId, goalId, claim } = this.#of;
    const open = this.#memory.openGrants.get(claim.grantId);
    if (open === undefined && this.#settlement.outcome === "rejected") return null;
    const isAnonymous = open?.isErased ?? false;
    const { attempts } = this.#settlement;
    const settled = { challengeId, goalId, claim, attempts, isAnonymous };
    return this.#settlement.outcome === "granted"
      ? { kind: "claim-granted", ...settled }
      : { kind: "claim-rejected", ...settled, reason: this.#settlement.reason };
  }

  written(): void {
    this.#memory.dedup.settleClaim(this.#of.claim.grantId, this.result);
    this.#onWritten(this.result);
  }

  failed(error: unknown): void {
    this.#error = error;
  }

  /** Throws what the rules threw: the outcome is then not journaled. */
  assertWritten(): void {
    if (this.#error !== null) throw this.#error;
  }

  /** What the claim's request, and every repeat of it, is told. */
  get result(): FirstResult {
    const { goalId, claim } = this.#of;
    const { period, reward, grantId } = claim;
    if (this.#settlement.outcome === "granted") {
      const claimedAt = this.#at;
      return { kind: "claim", status: "claimed", goalId, period, reward, claimedAt, grantId };
    }
    return {
      kind: "refused",
      failure: {
        code: "REWARD_REJECTED",
        detail: `The reward service refused the reward of goal ${goalId}: ${this.#settlement.reason}`,
        extra: { grantId },
      },
    };
  }
}
