import type { CatalogPointer } from "../core/catalog.ts";
import type { Outcome } from "../core/errors.ts";
import type { Command } from "../core/operation.ts";
import type { PlayerKey, PlayerView } from "../core/player.ts";
import type { CommandAnswer, ShardStatus } from "../core/ports.ts";
import type { RequestDelta } from "../core/request-tally.ts";
import type { RetriedOperation } from "../core/retry-operation.ts";
import type { ResumeReport } from "../core/set-back.ts";
import type { ShardMetrics } from "../core/shard-metrics.ts";
import type { CallContext } from "./call-origin.ts";
import type { EventBatch } from "./event-calls.ts";
import type { HandOverAnswer, ShardEventResult, ShardOutcome } from "./handed-over.ts";
import type { ShardPorts } from "./ports.ts";
import type { LetterToRetry } from "./retry-calls.ts";
import type { ShardLayout } from "./routing.ts";
import { assembleShard, type ShardParts } from "./shard-parts.ts";
import { metricsOf, statusOf } from "./shard-report.ts";

/**
 * A shard without the platform: the Durable Object forwards its calls here, tests drive it with simulated ports.
 *
 * One instance per object instance. Its memory is rebuilt from the object's SQLite when it is made.
 */
export class ShardEngine {
  readonly #parts: ShardParts;

  constructor(ports: ShardPorts) {
    this.#parts = assembleShard(ports);
    this.#parts.pump.arm();
  }

  /** One result per event, in order; durable once answered. */
  submit(batch: EventBatch, { layout }: CallContext): Promise<Outcome<ShardEventResult[]>> {
    this.#enter();
    return this.#parts.counters.events(
      this.#parts.admission.write<Outcome<ShardEventResult[]>>(
        batch.events.length,
        () => this.#parts.events.submit(batch, layout),
        (failure) => ({ ok: false, failure }),
      ),
    );
  }

  /** The first result of that id, whether now or earlier; durable once answered. */
  command(
    player: PlayerKey,
    command: Command,
    id: string,
    pointer: CatalogPointer,
    { layout, requestId }: CallContext,
  ): Promise<ShardOutcome<CommandAnswer>> {
    this.#enter();
    const run = () => this.#parts.commands.run(player, command, { id, pointer, requestId });
    const answer = this.#parts.quota.command(player, () =>
      this.#parts.admission.write<ShardOutcome<CommandAnswer>>(
        1,
        () => this.#parts.ownership.of(player, layout, run),
        (failure) => ({ ok: false, failure }),
      ),
    );
    return this.#parts.counters.call("command", answer);
  }

  /** The player with every acknowledged operation applied. */
  view(
    player: PlayerKey,
    { layout }: Pick<CallContext, "layout">,
  ): Promise<ShardOutcome<PlayerView>> {
    this.#parts.pump.arm();
    const read = () =>
      this.#parts.access.use(player, async ({ view }) => ({ ok: true, value: view }) as const);
    const answer = this.#parts.quota.read(player, () =>
      this.#parts.admission.read<ShardOutcome<PlayerView>>(
        () => this.#parts.ownership.of(player, layout, read),
        (failure) => ({ ok: false, failure }),
      ),
    );
    return this.#parts.counters.call("read", answer);
  }

  /** Takes a dead letter's operations up again; see RetryCalls. */
  retryLetter(
    letter: LetterToRetry,
    pointer: CatalogPointer,
    { layout }: Pick<CallContext, "layout">,
  ): Promise<ShardOutcome<RetriedOperation[]>> {
    this.#enter();
    const { player, operations } = letter;
    const answer = this.#parts.admission.write<ShardOutcome<RetriedOperation[]>>(
      operations.length,
      () =>
        this.#parts.ownership.of(player, layout, () => this.#parts.retries.run(letter, pointer)),
      (failure) => ({ ok: false, failure }),
    );
    return this.#parts.counters.call("command", answer);
  }

  /** Gives players to a newer layout, for good; see HandOver. */
  handOver(players: readonly PlayerKey[], to: ShardLayout): HandOverAnswer {
    return this.#parts.handOver.give(players, to);
  }

  /** For each player that was given away: whether everything is in Postgres. Also looks after a lost alarm. */
  settled(players: readonly PlayerKey[]): boolean[] {
    this.#parts.pump.arm();
    return this.#parts.handOver.settled(players);
  }

  /** Lets a shard go on whose Postgres was set back in time, or tells what that would lose; see Resume. */
  resume(id: string, isDryRun: boolean): Promise<Outcome<ResumeReport>> {
    return this.#parts.resume.run(id, isDryRun);
  }

  /** What the object's alarm runs; never throws. */
  alarm(): Promise<void> {
    return this.#parts.pump.run();
  }

  /** How the shard is doing; also looks after a lost alarm. */
  status(): ShardStatus {
    this.#parts.pump.arm();
    return statusOf(this.#parts.report, this.#parts.ports, this.#parts.pump.lastError);
  }

  /** Takes over what a Worker counted. */
  absorb(delta: RequestDelta | null): void {
    this.#parts.counters.absorb(delta);
  }

  /** What the shard measures of itself, and what Workers handed over to it. */
  metrics(): ShardMetrics {
    return metricsOf(this.#parts.report, this.status());
  }

  /** A call that may meet an id finds the window as it is now, also in a shard that has nothing to flush. */
  #enter(): void {
    this.#parts.pump.arm();
    this.#parts.memory.dedup.trim(this.#parts.ports.realClock.now());
  }
}
