import { DurableObject } from "cloudflare:workers";

import type { CatalogPointer } from "../core/catalog.ts";
import type { Outcome } from "../core/errors.ts";
import type { Command } from "../core/operation.ts";
import type { PlayerKey, PlayerView } from "../core/player.ts";
import type { Clock, CommandAnswer, ShardStatus } from "../core/ports.ts";
import type { RetriedOperation } from "../core/retry-operation.ts";
import type { ResumeReport } from "../core/set-back.ts";
import type { ShardMetrics } from "../core/shard-metrics.ts";
import type { CallOrigin } from "./call-origin.ts";
import { composeShard } from "./compose-shard.ts";
import { ShardEngine } from "./engine.ts";
import type { HandOverAnswer, ShardEventResult, ShardOutcome } from "./handed-over.ts";
import { type PackedBatch, unpackBatch } from "./packed-events.ts";
import type { LetterToRetry } from "./retry-calls.ts";
import type { ShardLayout } from "./routing.ts";

/**
 * One shard of the players: identity, storage, alarm and RPC. What a shard does is in `engine.ts`.
 *
 * The platform's output gate holds every answer, and every statement to Postgres, until the writes before it are durable.
 */
export class ShardObject extends DurableObject<Env> {
  readonly #engine: ShardEngine;

  /** `clock` is what the rules take for now. */
  constructor(ctx: DurableObjectState, env: Env, clock: Clock) {
    super(ctx, env);
    this.#engine = new ShardEngine(composeShard(ctx, env, clock));
  }

  async submit(batch: PackedBatch, origin: CallOrigin): Promise<Outcome<ShardEventResult[]>> {
    this.#engine.absorb(origin.counted);
    return this.#engine.submit(unpackBatch(batch), origin);
  }

  async command(
    player: PlayerKey,
    command: Command,
    id: string,
    pointer: CatalogPointer,
    origin: CallOrigin,
  ): Promise<ShardOutcome<CommandAnswer>> {
    this.#engine.absorb(origin.counted);
    return this.#engine.command(player, command, id, pointer, origin);
  }

  async view(player: PlayerKey, origin: CallOrigin): Promise<ShardOutcome<PlayerView>> {
    this.#engine.absorb(origin.counted);
    return this.#engine.view(player, origin);
  }

  async retryLetter(
    letter: LetterToRetry,
    pointer: CatalogPointer,
    origin: CallOrigin,
  ): Promise<ShardOutcome<RetriedOperation[]>> {
    this.#engine.absorb(origin.counted);
    return this.#engine.retryLetter(letter, pointer, origin);
  }

  handOver(players: readonly PlayerKey[], to: ShardLayout): HandOverAnswer {
    return this.#engine.handOver(players, to);
  }

  settled(players: readonly PlayerKey[]): boolean[] {
    return this.#engine.settled(players);
  }

  status(origin: CallOrigin): ShardStatus {
    this.#engine.absorb(origin.counted);
    return this.#engine.status();
  }

  metrics(origin: CallOrigin): ShardMetrics {
    this.#engine.absorb(origin.counted);
    return this.#engine.metrics();
  }

  async resume(id: string, isDryRun: boolean): Promise<Outcome<ResumeReport>> {
    return this.#engine.resume(id, isDryRun);
  }

  override async alarm(): Promise<void> {
    await this.#engine.alarm();
  }
}
