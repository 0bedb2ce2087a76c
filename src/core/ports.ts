import type { Catalog, CatalogDocument, CatalogPointer, Reward } from "./catalog.ts";
import type { DeadLetter } from "./dead-letters.ts";
import type { Outcome } from "./errors.ts";
import type { Command, CommandResult, EventResult, GameEvent } from "./operation.ts";
import type { GrantLine, GrantState, PlayerKey, PlayerView } from "./player.ts";
import type { RetriedOperation } from "./retry-operation.ts";
import type { ResumeReport } from "./set-back.ts";
import type { ShardReading } from "./shard-metrics.ts";

/** The rules' idea of now, epoch milliseconds. */
export interface Clock {
  now(): number;
}

/** A catalog and its activation number: what the Worker found active when the request came in. */
export interface ActiveCatalog {
  readonly catalog: Catalog;
  readonly seq: number;
}

/** A command's result with the player as it stood right after it. */
export interface CommandAnswer {
  readonly result: CommandResult;
  readonly view: PlayerView;
}

/** The request in whose name shards are called, and what of that is learned for its log line. Of one request only. */
export interface RequestTrace {
  /** Travels with each call: a shard's lines about the call carry it. */
  readonly requestId: string;
  /** Set to the shard that was called for the request's player; stays null when there are several. */
  shard: string | null;
}

/** The players' shards as the Worker sees them; implemented over RPC in `shard/client.ts`. */
export interface Players {
  /** The rows with every acknowledged operation applied. Throws FailureError SHARD_UNAVAILABLE, SHARD_OVERLOADED, DATABASE_UNAVAILABLE. */
  view(player: PlayerKey, pointer: CatalogPointer, trace: RequestTrace): Promise<PlayerView>;
  /** `commandId`: the caller's Idempotency-Key, or one made for this request. A repeat answers with the first result. Throws like `view`. */
  command(
    player: PlayerKey,
    command: Command,
    commandId: string,
    pointer: CatalogPointer,
    trace: RequestTrace,
  ): Promise<Outcome<CommandAnswer>>;
  /** One result per event, in order. Never throws for a shard's refusal: that is a rejected result with `retryable`. */
  submitEvents(
    namespace: string,
    events: readonly GameEvent[],
    pointer: CatalogPointer,
    trace: RequestTrace,
  ): Promise<EventResult[]>;
  /** Of the deployment's shards, former generations included, and of those named beside them. Also finds alarms that got lost. */
  shardStatuses(trace: RequestTrace, more?: readonly string[]): Promise<ShardStatus[]>;
  /**
   * Lets a shard go on whose Postgres was set back in time, or tells what that would lose. NOT_FOUND for a name that is no shard
   * of the deployment's, CONFLICT for one that is not stopped for this reason. A repeat of the id answers alike.
   */
  resumeShard(
    shard: string,
    id: string,
    isDryRun: boolean,
    trace: RequestTrace,
  ): Promise<Outcome<ResumeReport>>;
  /** What every shard measures, this Worker's counts included. A shard that does not answer in time has null. */
  shardMetrics(trace: RequestTrace): Promise<ShardReading[]>;
  /** What became of each operation of the letter, in order; each is taken once, however often the letter is retried. */
  retryLetter(
    letter: Pick<DeadLetter, "id" | "player" | "operations">,
    pointer: CatalogPointer,
    trace: RequestTrace,
  ): Promise<Outcome<RetriedOperation[]>>;
}

/** How one shard is doing. Times in epoch milliseconds. */
export interface ShardStatus {
  readonly shard: string;
  readonly epoch: number | null;
  readonly journalDepth: number;
  readonly oldestAgeMs: number;
  readonly dirtyPlayers: number;
  readonly parkedPlayers: number;
  readonly lastFlushAt: number | null;
  readonly lastError: string | null;
}

/** One stored version of a namespace's catalog. */
export interface StoredVersion {
  readonly version: string;
  readonly storedAt: number;
  readonly activatedAt: number | null;
}

/** Players per goal, for the report on what a publish changes. */
export interface GoalUsage {
  readonly goalId: string;
  readonly inProgress: number;
  readonly unclaimed: number;
}

/** Catalogs by namespace: KV in front of Postgres, parsed versions in memory. */
export interface Catalogs {
  /** Throws FailureError NO_CATALOG when the namespace has none, DATABASE_UNAVAILABLE when neither store answers. */
  active(namespace: string): Promise<ActiveCatalog>;
  /** The same, read from Postgres rather than from a cache; null when the namespace has none. */
  current(namespace: string): Promise<(ActiveCatalog & { readonly activatedAt: number }) | null>;
  /** Stores (if new) and activates. `expected`: the version that must be active (null: none may be; undefined: any), else CATALOG_CHANGED. */
  publish(
    namespace: string,
    document: CatalogDocument,
    version: string,
    expected: string | null | undefined,
  ): Promise<Outcome<CatalogPointer>>;
  /** Activates a stored version. NOT_FOUND when there is none of that name. */
  activate(
    namespace: string,
    version: string,
    expected: string | null | undefined,
  ): Promise<Outcome<CatalogPointer>>;
  versions(namespace: string): Promise<StoredVersion[]>;
  document(namespace: string, version: string): Promise<CatalogDocument | null>;
  /** Rows in progress, and completed but unclaimed (late claims included), for the named goals; goals without any are left out. */
  usage(namespace: string, goalIds: readonly string[]): Promise<GoalUsage[]>;
}

/** "This player was initialised for that catalog version": a hint that only skips idempotent work. */
export interface InitFlags {
  /** The catalog version of the flag; null on a miss and on any error of KV. */
  read(player: PlayerKey): Promise<string | null>;
  write(player: PlayerKey, version: string): Promise<void>;
  remove(player: PlayerKey): Promise<void>;
}

/** A line of the ledger with whose it is: null once its player was erased. */
export interface LedgerEntry {
  readonly userId: string | null;
  readonly line: GrantLine;
}

/** The ledger as operators read it, by namespace; all throw FailureError DATABASE_UNAVAILABLE. */
export interface Grants {
  find(namespace: string, grantId: string): Promise<LedgerEntry | null>;
  /** Lines in these states, in order of their ids, from behind `after` on. */
  list(
    namespace: string,
    page: {
      readonly states: readonly GrantState[];
      readonly after: string | null;
      readonly count: number;
    },
  ): Promise<LedgerEntry[]>;
  ofPlayer(player: PlayerKey): Promise<GrantLine[]>;
}

/** Asked to hand out a reward; `grantId` is the idempotency key of the reward service. */
export interface GrantRequest {
  readonly grantId: string;
  readonly namespace: string;
  readonly userId: string;
  readonly challengeId: string;
  readonly goalId: string;
  readonly reward: Reward;
  /**
   * When the latest call under this grant id that may have paid ended without an answer, epoch milliseconds; null: none did.
   * For services that cannot tell a repeat: asking them once more may pay once more.
   */
  readonly unansweredAt: number | null;
}

/**
 * `unknown`: it may or may not have been paid; only a repeat under the same grant id may find out.
 * `deferred`: this call has certainly paid nothing, and the same call may succeed later.
 */
export type GrantOutcome =
  | { readonly outcome: "granted" }
  | { readonly outcome: "rejected"; readonly reason: string }
  | { readonly outcome: "unknown"; readonly reason: string }
  | { readonly outcome: "deferred"; readonly reason: string };

/** Hands out rewards. Must treat a repeated grantId as the same grant, with the help of `unansweredAt` if need be. Never throws. */
export interface RewardGranter {
  grant(request: GrantRequest): Promise<GrantOutcome>;
}

/** What /readyz asks. Each answers null when fine, else a sentence that names what is missing. */
export interface Readiness {
  check(): Promise<string[]>;
}
