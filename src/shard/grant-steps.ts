import type { GrantOutcome } from "../core/ports.ts";
import { ClaimStepItem } from "./claim-step-item.ts";
import type { GroupWriter } from "./group-writer.ts";
import {
  GRANT_REASON_LENGTH_MAX,
  GRANT_TRY_NOTED_EVERY_MS,
  GRANT_TRY_NOTED_PAUSE_MS,
} from "./limits.ts";
import type { ShardMemory } from "./memory.ts";
import { operationId } from "./operation-id.ts";
import type { ShardPorts } from "./ports.ts";
import type { Pursuit } from "./pursuit.ts";
import { playerName } from "./resident.ts";
import type { FirstResult } from "./seen-table.ts";
import { SettlementItem } from "./settlement-item.ts";

/** Journals what is learned of grants: never refused, whatever the load, for what was paid must be known. */
export class GrantSteps {
  readonly #ports: ShardPorts;
  readonly #writer: GroupWriter;
  readonly #memory: Pick<ShardMemory, "dedup" | "openGrants" | "residents">;
  #steps = 0;
  #tryNotedAt = -Infinity;

  constructor(
    ports: ShardPorts,
    writer: GroupWriter,
    memory: Pick<ShardMemory, "dedup" | "openGrants" | "residents">,
  ) {
    this.#ports = ports;
    this.#writer = writer;
    this.#memory = memory;
  }

  /**
   * Journals a final answer; `onWritten` is told in the turn in which that happens, before a claim of the same group can
   * start the same grant anew. Not at all when the grant was settled otherwise meanwhile, and a refusal changes nothing.
   */
  async settle(
    pursuit: Pursuit,
    outcome: Extract<GrantOutcome, { outcome: "granted" | "rejected" }>,
    onWritten: (result: FirstResult) => void,
  ): Promise<void> {
    const { attempts } = pursuit;
    const settlement =
      outcome.outcome === "granted"
        ? { ...outcome, attempts }
        : { ...outcome, reason: shortReason(outcome.reason), attempts };
    const item = new SettlementItem(this.#newId(), pursuit, settlement, this.#memory, onWritten);
    await this.#writer.add(item);
    item.assertWritten();
  }

  /** Parks the grant. False: it was settled or parked meanwhile, or could not be written. */
  async park(
    pursuit: Pursuit,
    outcome: Exclude<GrantOutcome, { outcome: "granted" }>,
  ): Promise<boolean> {
    const { player, challengeId, goalId, claim, attempts } = pursuit;
    const { grantId } = claim;
    const reason = shortReason(
      outcome.outcome === "rejected"
        ? `Refused after a try that may have paid: ${outcome.reason}`
        : outcome.reason,
    );
    const { openGrants } = this.#memory;
    const about = { player, grantId, reason };
    const item = new ClaimStepItem(this.#newId(), about, openGrants, () => ({
      kind: "claim-parked",
      challengeId,
      goalId,
      claim,
      attempts,
      reason,
    }));
    await this.#writer.add(item);
    const { shard, log } = this.#ports;
    if (item.isWritten) log("grant-parked", { shard, grantId, attempts });
    return item.isWritten;
  }

  /**
   * Lets the ledger show how often a grant was asked for in vain, and when it is asked for next.
   *
   * Not every try: one that is followed by a long pause, a few of all grants each second, and of one player never a second
   * one before Postgres has the first. So a reward service that is away, and Postgres with it, cannot fill the journal.
   */
  async noteTry(pursuit: Pursuit, reasonOfTry: string): Promise<void> {
    const { player, challengeId, goalId, claim, attempts, pauseMs } = pursuit;
    const now = this.#ports.realClock.now();
    const resident = this.#memory.residents.get(playerName(player));
    const isDue =
      pauseMs >= GRANT_TRY_NOTED_PAUSE_MS && now >= this.#tryNotedAt + GRANT_TRY_NOTED_EVERY_MS;
    if (!isDue || resident === undefined || resident.dirtySince !== null) return;
    this.#tryNotedAt = now;
    const reason = shortReason(reasonOfTry);
    const about = { player, grantId: claim.grantId, reason };
    const { openGrants } = this.#memory;
    const item = new ClaimStepItem(this.#newId(), about, openGrants, (_grant, at) => ({
      kind: "claim-tried",
      challengeId,
      goalId,
      claim,
      attempts,
      reason,
      nextAttemptAt: at + pauseMs,
    }));
    await this.#writer.add(item);
  }

  /** Never used before, since a claim that was rejected can be started, and settled, again. */
  #newId(): string {
    const { digest, instance } = this.#ports;
    return operationId(digest, ["settlement", instance, ++this.#steps]);
  }
}

/** Told and stored: text of a foreign service, cut to what Postgres and a row of the journal can hold. */
function shortReason(reason: string): string {
  const printable = reason.replace(/\p{Cc}+/gu, " ");
  return printable.slice(0, GRANT_REASON_LENGTH_MAX).toWellFormed();
}
