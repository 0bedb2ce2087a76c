import type { EventSource, Reward } from "./catalog.ts";
import type { ClaimOperation } from "./claim-operation.ts";
import type { GrantLine } from "./player.ts";

/** What an event says happened; all that the rules need of it. Times in epoch milliseconds. */
export interface EventFacts {
  readonly source: EventSource;
  readonly statCode: string;
  /** The statistic's new value; null when only a difference is known. */
  readonly latestValue: number | null;
  /** The difference; null when absent. A login carries 1. */
  readonly inc: number | null;
  readonly timestamp: number | null;
}

/** What a game server says a player did; checked for shape, not yet for age. */
export interface GameEvent extends EventFacts {
  readonly userId: string;
  /** The dedup key is namespace, user id and this id. */
  readonly id: string;
}

/** What a caller may ask of a player's shard, beside events and reads. */
export type Command = RulesCommand | RepairGrant;

/** Commands that the rules decide on, by the player's rows. */
export type RulesCommand =
  | { readonly kind: "initialize" }
  | {
      readonly kind: "activate";
      readonly challengeId: string;
      readonly goalId: string;
      readonly isActive: boolean;
    }
  | { readonly kind: "claim"; readonly challengeId: string; readonly goalId: string }
  | {
      readonly kind: "batch-select";
      readonly challengeId: string;
      readonly goalIds: readonly string[];
      /** First deactivate the challenge's other active goals. */
      readonly replaceExisting: boolean;
    }
  | {
      readonly kind: "random-select";
      readonly challengeId: string;
      readonly count: number;
      readonly replaceExisting: boolean;
      /** Leave active goals out of the draw. */
      readonly excludeActive: boolean;
    }
  /** An operator's: one goal back to not_started, or all that the player has (null). */
  | { readonly kind: "reset"; readonly goalId: string | null }
  | { readonly kind: "erase" };

/** An operator's: what becomes of a grant that is open. */
export interface RepairGrant {
  readonly kind: "repair-grant";
  readonly grantId: string;
  readonly repair: "retry" | "deliver" | "cancel";
}

/**
 * What the journal holds: a decision already taken, with all that a replay needs to give the same result again.
 *
 * Applying one never validates and never fails.
 */
export type Operation =
  | { readonly kind: "event"; readonly event: EventFacts }
  | { readonly kind: "initialize" }
  | {
      readonly kind: "activate";
      readonly challengeId: string;
      readonly goalId: string;
      readonly isActive: boolean;
    }
  /** A selection, of whatever kind: the ids that were named or drawn, not the dice. */
  | {
      readonly kind: "select";
      readonly challengeId: string;
      readonly goalIds: readonly string[];
      readonly replaced: readonly string[];
    }
  | { readonly kind: "reset"; readonly goalIds: readonly string[] }
  | { readonly kind: "erase" }
  | ClaimOperation;

/** What becomes of one event; the four are disjoint. */
export type EventStatus = "accepted" | "duplicate" | "ignored" | "rejected";

export interface EventResult {
  readonly status: EventStatus;
  /** Null unless rejected. */
  readonly code:
    | "INVALID_REQUEST"
    | "SHARD_OVERLOADED"
    | "SHARD_UNAVAILABLE"
    | "NO_CATALOG"
    | "DATABASE_UNAVAILABLE"
    | null;
  readonly detail: string | null;
  readonly retryable: boolean;
}

/** Answer to `initialize`: how many rows the call created; the rows themselves are in the view beside it. */
export interface InitializeResult {
  readonly kind: "initialize";
  readonly created: number;
}

export interface ActivateResult {
  readonly kind: "activate";
  readonly challengeId: string;
  readonly goalId: string;
  readonly isActive: boolean;
  readonly assignedAt: number | null;
}

/** `claimed` once the reward service said yes; `pending` while the shard goes on trying. */
export interface ClaimResult {
  readonly kind: "claim";
  readonly status: "claimed" | "pending";
  readonly goalId: string;
  readonly period: string | null;
  readonly reward: Reward;
  readonly claimedAt: number | null;
  readonly grantId: string;
}

/** Which goals a selection activated, and which it deactivated for that. */
export interface SelectResult {
  readonly kind: "select";
  readonly challengeId: string;
  readonly goalIds: readonly string[];
  readonly replaced: readonly string[];
}

export interface ResetResult {
  readonly kind: "reset";
  readonly goalIds: readonly string[];
}

export interface EraseResult {
  readonly kind: "erase";
  readonly rowsDeleted: number;
}

/** The ledger's line of the grant, right after the repair. */
export interface RepairGrantResult {
  readonly kind: "repair-grant";
  readonly line: GrantLine;
}

export type CommandResult =
  | InitializeResult
  | ActivateResult
  | ClaimResult
  | SelectResult
  | ResetResult
  | EraseResult
  | RepairGrantResult;
