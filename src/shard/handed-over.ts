import type { CatalogPointer } from "../core/catalog.ts";
import type { Failure, Outcome } from "../core/errors.ts";
import type { EventResult } from "../core/operation.ts";
import type { PlayerKey } from "../core/player.ts";
import type { DoubtsOfPlayer } from "./grant-doubts.ts";
import type { OpenGrant } from "./open-grants.ts";
import type { ShardLayout } from "./routing.ts";
import type { FirstResult } from "./seen-table.ts";

/** How a command was answered. */
export interface KnownResult {
  readonly id: string;
  readonly result: FirstResult;
}

/** What an older shard knows of one player that no row tells; plain data, it crosses RPC. */
export interface HandedOver {
  /** The player's operation ids in the window, 16 bytes each; see id-bytes.ts. */
  readonly ids: ArrayBuffer;
  /** How its commands among them were answered. */
  readonly results: readonly KnownResult[];
  /**
   * Which operations of its dead letters were retried, as `ids`; absent from a shard that still runs a version which kept them
   * to itself.
   */
  readonly retried?: ArrayBuffer;
  /** Grants that were started and not settled. */
  readonly grants: readonly OpenGrant[];
  /** The namespace's catalog there; what settles a claim is journaled under one. Null when no grant is open. */
  readonly pointer: CatalogPointer | null;
  /** Which of its grants were perhaps paid; absent from a shard that still runs a version which did not note that. */
  readonly doubts?: DoubtsOfPlayer;
  readonly wasErased: boolean;
  /** That shard had taken the player over from even older ones, and has had their claims since. */
  readonly hasArrived: boolean;
  /** Everything of the player is in Postgres, and nothing will be written for it from there again. */
  readonly isSettled: boolean;
}

/** A shard's answer to `handOver`: one entry per player, in order. */
export interface HandOverAnswer {
  readonly players: readonly HandedOver[];
  /** Arrival of the last operation there: arrivals never decrease, also not over a move. */
  readonly lastAt: number;
}

/** The shards of older generations, as a newer one calls them. Every call may be repeated; each may throw. */
export interface OlderShards {
  /** From the answer on, and durably, that shard takes nothing for these players but names the layout that has them. */
  handOver(shard: string, players: readonly PlayerKey[], to: ShardLayout): Promise<HandOverAnswer>;
  /** For each player whether everything is in Postgres, and nothing will be written for it from there again. */
  settled(shard: string, players: readonly PlayerKey[]): Promise<readonly boolean[]>;
}

/** A call for a player who is in another layout's shard now: to be sent there. */
export interface Moved {
  readonly ok: false;
  readonly failure: Failure;
  readonly movedTo: ShardLayout;
}

/** An answer of the rules, or where to ask instead. */
export type ShardOutcome<T> = Outcome<T> | Moved;

/** The same for one event of a batch. */
export interface ShardEventResult extends EventResult {
  readonly movedTo?: ShardLayout;
}

/** Thrown where an operation of a player would be journaled who was handed over a moment ago. */
export class PlayerMoved extends Error {
  readonly movedTo: ShardLayout;

  constructor(movedTo: ShardLayout) {
    super(`The player moved to generation ${movedTo.generation}.`);
    this.name = "PlayerMoved";
    this.movedTo = movedTo;
  }
}

/** What a caller is told who does not follow. */
const DETAIL = "The player's shard is being changed. Send the request again with the same ids.";

export function moved(movedTo: ShardLayout): Moved {
  const failure: Failure = { code: "SHARD_UNAVAILABLE", detail: DETAIL, retryAfterSeconds: 1 };
  return { ok: false, failure, movedTo };
}

export function movedEvent(movedTo: ShardLayout): ShardEventResult {
  return {
    status: "rejected",
    code: "SHARD_UNAVAILABLE",
    detail: DETAIL,
    retryable: true,
    movedTo,
  };
}
