import { GRANT_RETRY_FIRST_MS, GRANT_RETRY_MAX_MS } from "./limits.ts";
import type { ShardPorts } from "./ports.ts";
import type { FirstResult } from "./seen-table.ts";
import type { ClaimOfPlayer } from "./settlement-item.ts";

/** A grant that is being asked for: kept by grant id, and not by a player object held over an await. */
export class Pursuit implements ClaimOfPlayer {
  readonly player: ClaimOfPlayer["player"];
  readonly challengeId: string;
  readonly goalId: string;
  readonly claim: ClaimOfPlayer["claim"];
  /** Resolves with the end of the grant; never, when it is parked instead. */
  readonly settled: Promise<FirstResult>;
  /** How often the reward service was asked. */
  attempts: number;
  /** When a call for this claim ended last without an answer, by the real clock; null: none did. A refusal after it proves nothing. */
  unansweredAt: number | null;
  /** Requests that wait for the outcome at this moment. */
  waiting = 0;
  /** Nothing is asked any more; the answer to a call that is under way still counts if it says "granted". */
  isOver = false;
  /** The request that claimed; null when this instance resumes what another one began. */
  readonly requestId: string | null;
  /** When this asking began, by the real clock. */
  readonly startedAt: number;
  /**
   * When one for a claim that is forgotten or taken back may have; see GrantDoubts. Such a call is over: a refusal is final,
   * and the next claim is in the same doubt.
   */
  readonly #doubtedSince: number | null;
  readonly #settle: (result: FirstResult) => void;
  #pauseMs = GRANT_RETRY_FIRST_MS;
  #wake: () => void = () => undefined;

  constructor(
    of: ClaimOfPlayer,
    attempts: number,
    unansweredAt: number | null,
    begun: Pick<Pursuit, "requestId" | "startedAt"> & { readonly doubtedSince: number | null },
  ) {
    const { player, challengeId, goalId, claim } = of;
    this.player = player;
    this.challengeId = challengeId;
    this.goalId = goalId;
    this.claim = claim;
    this.attempts = attempts;
    this.unansweredAt = unansweredAt;
    this.requestId = begun.requestId;
    this.startedAt = begun.startedAt;
    this.#doubtedSince = begun.doubtedSince;
    const { promise, resolve } = Promise.withResolvers<FirstResult>();
    this.settled = promise;
    this.#settle = resolve;
  }

  /** What the reward service is told, as in GrantRequest. */
  get mayHaveBeenPaidAt(): number | null {
    return this.unansweredAt ?? this.#doubtedSince;
  }

  /** How long the next pause lasts. */
  get pauseMs(): number {
    return this.#pauseMs;
  }

  /** Waits before the next try; longer from time to time. */
  async pause({ after }: Pick<ShardPorts, "after">): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = after(this.#pauseMs, resolve);
    this.#pauseMs = Math.min(this.#pauseMs * 2, GRANT_RETRY_MAX_MS);
    this.#wake = resolve;
    await promise;
    cancel();
  }

  /** Ends a pause, and starts with short ones again. */
  hurry(): void {
    this.#pauseMs = GRANT_RETRY_FIRST_MS;
    this.#wake();
  }

  /** Stops asking. `result`: what whoever waits is told; null when there is none, because it is parked. */
  end(result: FirstResult | null): void {
    this.isOver = true;
    if (result !== null) this.#settle(result);
    this.#wake();
  }
}
