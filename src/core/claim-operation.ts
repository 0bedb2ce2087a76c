import type { OpenClaim } from "./player.ts";

/** What every step of a claim names; the claim as it was started. */
interface ClaimStep {
  readonly challengeId: string;
  readonly goalId: string;
  readonly claim: OpenClaim;
}

/** A step after the start: how often the reward service was asked by then. */
interface LaterStep extends ClaimStep {
  readonly attempts: number;
}

/** The end of a grant. */
interface LastStep extends LaterStep {
  /**
   * Whether the player was erased since the claim started: the ledger's line then loses its name. In journals from before
   * it was noted it is absent; a claim that is gone from its row tells it there.
   */
  readonly isAnonymous?: boolean;
}

/** The steps of a claim as the journal holds them; see `Operation`. */
export type ClaimOperation =
  | (ClaimStep & { readonly kind: "claim-started" })
  /** Asked in vain once more; the next time is at `nextAttemptAt`, epoch milliseconds. */
  | (LaterStep & {
      readonly kind: "claim-tried";
      readonly nextAttemptAt: number;
      readonly reason: string;
    })
  /** Nobody is asked any more until an operator decides. */
  | (LaterStep & { readonly kind: "claim-parked"; readonly reason: string })
  /** An operator had it asked for again. */
  | (LaterStep & { readonly kind: "claim-retried" })
  /** Paid: the reward service said so, or an operator did. */
  | (LastStep & { readonly kind: "claim-granted" })
  | (LastStep & { readonly kind: "claim-rejected"; readonly reason: string })
  /** An operator took the claim back: nothing was paid, and the completion can be claimed again. */
  | (LastStep & { readonly kind: "claim-cancelled" });
