import type { CatalogPointer } from "../core/catalog.ts";
import type { Outcome } from "../core/errors.ts";
import type { Command } from "../core/operation.ts";
import type { PlayerKey, PlayerView } from "../core/player.ts";
import type { CommandAnswer, ShardStatus } from "../core/ports.ts";
import type { RequestDelta } from "../core/request-tally.ts";
import type { RetriedOperation } from "../core/retry-operation.ts";
import type { ResumeReport } from "../core/set-back.ts";
import type { ShardMetrics } from "../core/shard-metrics.ts";
import { Admission } from "./admission.ts";
import { Arrivals } from "./arrivals.ts";
import type { CallContext } from "./call-origin.ts";
import { CommandCalls } from "./command-calls.ts";
import { type EventBatch, EventCalls } from "./event-calls.ts";
import { FenceKeeper } from "./fence-keeper.ts";
import { FlushPass } from "./flush-pass.ts";
import { Flusher } from "./flusher.ts";
import { Granting } from "./granting.ts";
import { GroupCommit } from "./group-commit.ts";
import { GroupWriter } from "./group-writer.ts";
import { HandOver } from "./hand-over.ts";
import type { HandOverAnswer, ShardEventResult, ShardOutcome } from "./handed-over.ts";
import { Loader } from "./loader.ts";
import { ShardMemory } from "./memory.ts";
import { Ownership } from "./ownership.ts";
import { PlayerAccess } from "./player-access.ts";
import { PlayerQuota } from "./player-quota.ts";
import type { ShardPorts } from "./ports.ts";
import { Pump } from "./pump.ts";
import { Resume } from "./resume.ts";
import { type LetterToRetry, RetryCalls } from "./retry-calls.ts";
import type { ShardLayout } from "./routing.ts";
import { ShardCounters } from "./shard-counters.ts";
import { metricsOf, type ReportParts, statusOf } from "./shard-report.ts";

/**
 * A shard without the platform: the Durable Object forwards its calls here, tests drive it with simulated ports.
 *
 * One instance per object instance. Its memory is rebuilt from the object's SQLite when it is made.
 */
export class ShardEngine {
  readonly #ports: ShardPorts;
  readonly #counters = new ShardCounters();
  readonly #report: ReportParts;
  readonly #memory: ShardMemory;
  readonly #pump: Pump;
  readonly #admission: Admission;
  readonly #quota: PlayerQuota;
  readonly #access: PlayerAccess;
  readonly #ownership: Ownership;
  readonly #handOver: HandOver;
  readonly #events: EventCalls;
  readonly #commands: CommandCalls;
  readonly #retries: RetryCalls;
  readonly #resume: Resume;

  constructor(given: ShardPorts) {
    const counters = this.#counters;
    const ports = (this.#ports = { ...given, log: counters.counting(given.log) });
    const memory = (this.#memory = new ShardMemory(ports));
    const fence = new FenceKeeper(ports, (found) => memory.adopt(found));
    const commit = new GroupCommit(memory, fence, ports);
    const writer = new GroupWriter(commit, ports, () => this.#pump.arm());
    const granting = new Granting(ports, writer, memory);
    const loader = new Loader(memory, fence, ports, (resident) => granting.resume(resident));
    const flusher = new Flusher(memory, fence, ports);
    const pass = new FlushPass({ ports, memory, fence, loader, flusher, granting });
    this.#pump = new Pump(pass, ports);
    this.#admission = new Admission(memory, writer, ports.settings.limits?.journalOperationsMax);
    this.#quota = new PlayerQuota(memory, ports.realClock);
    this.#access = new PlayerAccess(memory, loader, fence, ports);
    this.#ownership = new Ownership(memory, new Arrivals(memory, granting, ports), ports);
    this.#handOver = new HandOver(memory, granting, ports, () => this.#pump.hurry());
    this.#events = new EventCalls(memory, writer, loader, this.#ownership, ports);
    this.#commands = new CommandCalls(memory, writer, granting, this.#access, ports);
    this.#report = { memory, fence, loader, counters, startedAt: ports.realClock.now() };
    this.#retries = new RetryCalls(memory, writer, this.#access, ports);
    this.#resume = new Resume(memory, fence, ports, () => this.#admission.close());
    this.#pump.arm();
  }

  /** One result per event, in order; durable once answered. */
  submit(batch: EventBatch, { layout }: CallContext): Promise<Outcome<ShardEventResult[]>> {
    this.#enter();
    return this.#counters.events(
      this.#admission.write<Outcome<ShardEventResult[]>>(
        batch.events.length,
        () => this.#events.submit(batch, layout),
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
    const run = () => this.#commands.run(player, command, { id, pointer, requestId });
    const answer = this.#quota.command(player, () =>
      this.#admission.write<ShardOutcome<CommandAnswer>>(
        1,
        () => this.#ownership.of(player, layout, run),
        (failure) => ({ ok: false, failure }),
      ),
    );
    return this.#counters.call("command", answer);
  }

  /** The player with every acknowledged operation applied. */
  view(
    player: PlayerKey,
    { layout }: Pick<CallContext, "layout">,
  ): Promise<ShardOutcome<PlayerView>> {
    this.#pump.arm();
    const read = () =>
      this.#access.use(player, async ({ view }) => ({ ok: true, value: view }) as const);
    const answer = this.#quota.read(player, () =>
      this.#admission.read<ShardOutcome<PlayerView>>(
        () => this.#ownership.of(player, layout, read),
        (failure) => ({ ok: false, failure }),
      ),
    );
    return this.#counters.call("read", answer);
  }

  /** Takes a dead letter's operations up again; see RetryCalls. */
  retryLetter(
    letter: LetterToRetry,
    pointer: CatalogPointer,
    { layout }: Pick<CallContext, "layout">,
  ): Promise<ShardOutcome<RetriedOperation[]>> {
    this.#enter();
    const { player, operations } = letter;
    const answer = this.#admission.write<ShardOutcome<RetriedOperation[]>>(
      operations.length,
      () => this.#ownership.of(player, layout, () => this.#retries.run(letter, pointer)),
      (failure) => ({ ok: false, failure }),
    );
    return this.#counters.call("command", answer);
  }

  /** Gives players to a newer layout, for good; see HandOver. */
  handOver(players: readonly PlayerKey[], to: ShardLayout): HandOverAnswer {
    return this.#handOver.give(players, to);
  }

  /** For each player that was given away: whether everything is in Postgres. Also looks after a lost alarm. */
  settled(players: readonly PlayerKey[]): boolean[] {
    this.#pump.arm();
    return this.#handOver.settled(players);
  }

  /** Lets a shard go on whose Postgres was set back in time, or tells what that would lose; see Resume. */
  resume(id: string, isDryRun: boolean): Promise<Outcome<ResumeReport>> {
    return this.#resume.run(id, isDryRun);
  }

  /** What the object's alarm runs; never throws. */
  alarm(): Promise<void> {
    return this.#pump.run();
  }

  /** How the shard is doing; also looks after a lost alarm. */
  status(): ShardStatus {
    this.#pump.arm();
    return statusOf(this.#report, this.#ports, this.#pump.lastError);
  }

  /** Takes over what a Worker counted. */
  absorb(delta: RequestDelta | null): void {
    this.#counters.absorb(delta);
  }

  /** What the shard measures of itself, and what Workers handed over to it. */
  metrics(): ShardMetrics {
    return metricsOf(this.#report, this.status());
  }

  /** A call that may meet an id finds the window as it is now, also in a shard that has nothing to flush. */
  #enter(): void {
    this.#pump.arm();
    this.#memory.dedup.trim(this.#ports.realClock.now());
  }
}
