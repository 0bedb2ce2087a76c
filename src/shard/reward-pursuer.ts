import type { GrantOutcome } from "../core/ports.ts";
import { GrantSteps } from "./grant-steps.ts";
import type { GroupWriter } from "./group-writer.ts";
import type { ShardMemory } from "./memory.ts";
import type { ShardPorts } from "./ports.ts";
import type { Pursuit } from "./pursuit.ts";
import { playerName } from "./resident.ts";
import { RewardAsker } from "./reward-asker.ts";
import type { FirstResult } from "./seen-table.ts";

/** What the asking needs of a shard's memory. */
type PursuerMemory = Pick<
  ShardMemory,
  "dedup" | "erasedPlayers" | "moved" | "openGrants" | "parked" | "residents"
>;

/** Ends the asking for a grant; see Granting. */
type End = (grantId: string, result: FirstResult | null) => void;

/** Asks the reward service for one grant again and again, and journals what comes of it. */
export class RewardPursuer {
  readonly #ports: ShardPorts;
  readonly #memory: PursuerMemory;
  readonly #end: End;
  readonly #asker: RewardAsker;
  readonly #steps: GrantSteps;
  /** Those whose call is under way, also when an operator settled the grant meanwhile. */
  readonly #calling = new Set<Pursuit>();

  constructor(ports: ShardPorts, writer: GroupWriter, memory: PursuerMemory, end: End) {
    this.#ports = ports;
    this.#memory = memory;
    this.#end = end;
    this.#asker = new RewardAsker(ports, memory);
    this.#steps = new GrantSteps(ports, writer, memory);
  }

  /** True while a call for this grant is under way, also one whose answer nobody waits for any more. */
  isCalling(grantId: string): boolean {
    return [...this.#calling].some(({ claim }) => claim.grantId === grantId);
  }

  /** Until the grant is settled, parked, or ended by someone else. Throws when a group cannot be written. */
  async pursue(pursuit: Pursuit): Promise<void> {
    while (!pursuit.isOver) {
      this.#calling.add(pursuit);
      const outcome = await this.#asker.ask(pursuit);
      this.#calling.delete(pursuit);
      pursuit.attempts++;
      this.#log(pursuit, outcome);
      if (this.#memory.moved.has(playerName(pursuit.player))) return;
      await this.#conclude(pursuit, outcome);
      if (!pursuit.isOver) await pursuit.pause(this.#ports);
    }
  }

  async #conclude(pursuit: Pursuit, outcome: GrantOutcome): Promise<void> {
    // Whatever an operator decided meanwhile: what was paid must be known. A refusal changes nothing then.
    const mayHavePaid = pursuit.unansweredAt !== null;
    if (outcome.outcome === "granted" || (outcome.outcome === "rejected" && !mayHavePaid)) {
      const { grantId } = pursuit.claim;
      await this.#steps.settle(pursuit, outcome, (result) => this.#end(grantId, result));
      return;
    }
    if (outcome.outcome === "unknown") pursuit.unansweredAt = this.#ports.realClock.now();
    const { grantId } = pursuit.claim;
    if (pursuit.isOver) return;
    if (outcome.outcome === "rejected" || this.#isTooOld(grantId)) {
      if (await this.#steps.park(pursuit, outcome)) this.#end(grantId, null);
    } else {
      await this.#steps.noteTry(pursuit, outcome.reason);
    }
  }

  /** Without the reason: it is text of a foreign service. The ledger and the claim's answer tell it. */
  #log({ claim, attempts, requestId, startedAt }: Pursuit, { outcome }: GrantOutcome): void {
    const { shard, log, realClock } = this.#ports;
    const milliseconds = realClock.now() - startedAt;
    log("grant", { shard, grantId: claim.grantId, requestId, outcome, attempts, milliseconds });
  }

  #isTooOld(grantId: string): boolean {
    const { realClock, settings } = this.#ports;
    const since = this.#memory.openGrants.get(grantId)?.since ?? Infinity;
    return realClock.now() - since >= settings.grantParkAfterMs;
  }
}
