import type { Catalog } from "../../src/core/catalog.ts";
import { decide } from "../../src/core/command.ts";
import type { RulesCommand, EventFacts, Operation } from "../../src/core/operation.ts";
import type { PlayerKey } from "../../src/core/player.ts";
import { apply, type PlayerState, rolledDraft } from "../../src/core/reducer.ts";
import type { ShardStore } from "../../src/core/shard-store.ts";
import { sha256Hex } from "../../src/sha256.ts";

type ClaimStarted = Extract<Operation, { kind: "claim-started" }>;

/** A shard of one's own, as far as numbers go: positions and flushes count up. */
export class AuditedShard {
  readonly name: string;
  readonly store: ShardStore;
  #position = 0;

  constructor(name: string, store: ShardStore) {
    this.name = name;
    this.store = store;
  }

  async open(): Promise<void> {
    await this.store.createFence(this.name, "owner", 0);
  }

  /** Writes what one operation changed, as a flush of one player. */
  async write(player: PlayerKey, change: ReturnType<typeof apply>): Promise<void> {
    const position = ++this.#position;
    const { rows, grants, isErased } = change;
    await this.store.flush({
      shard: this.name,
      epoch: 1,
      flush: position,
      previous: position - 1,
      upto: position,
      high: position,
      players: [{ player, applied: position, isErased, rows, grants, letters: [] }],
    });
  }
}

/**
 * A player whose operations are decided and applied by the rules and written by the real store, each at once.
 *
 * Grants are settled when the test says so, and survive an erasure, as in a shard.
 */
export class AuditedPlayer {
  readonly player: PlayerKey;
  catalog: Catalog;
  readonly #shard: AuditedShard;
  readonly #open = new Map<string, ClaimStarted>();
  readonly #granted = new Set<string>();
  #state: PlayerState = { rows: new Map(), rolled: null };

  constructor(shard: AuditedShard, player: PlayerKey, catalog: Catalog) {
    this.#shard = shard;
    this.player = player;
    this.catalog = catalog;
  }

  async plays(event: EventFacts, at: number): Promise<void> {
    await this.#apply({ kind: "event", event }, at);
  }

  /** A refusal changes nothing. */
  async asks(command: RulesCommand, at: number): Promise<void> {
    const { catalog } = this;
    const { draft } = rolledDraft(this.#state, { catalog, at });
    const context = { catalog, at, digest: sha256Hex, claimGraceMs: 0, random: () => 0 };
    const decision = decide(this.player, command, draft, context);
    if (!decision.ok) return;
    await this.#apply(decision.value, at);
    if (decision.value.kind !== "claim-started") return;
    const { grantId } = decision.value.claim;
    if (!this.#open.has(grantId)) this.#open.set(grantId, decision.value);
  }

  /** The reward service answers for the oldest claim in flight. What was paid once is not refused. */
  async isAnswered(wish: "granted" | "rejected", at: number): Promise<void> {
    const [claim] = this.#open.values();
    if (claim === undefined) return;
    const { grantId } = claim.claim;
    this.#open.delete(grantId);
    if (wish === "granted" || this.#granted.has(grantId)) {
      this.#granted.add(grantId);
      await this.#apply({ ...claim, kind: "claim-granted", attempts: 1 }, at);
    } else {
      await this.#apply({ ...claim, kind: "claim-rejected", attempts: 1, reason: "no" }, at);
    }
  }

  async #apply(operation: Operation, at: number): Promise<void> {
    const change = apply(this.#state, operation, { catalog: this.catalog, at });
    const rows = new Map(change.isErased ? [] : this.#state.rows);
    for (const row of change.rows) rows.set(row.goalId, row);
    this.#state = { rows, rolled: change.rolled };
    await this.#shard.write(this.player, change);
  }
}
