import type { CatalogPointer } from "../core/catalog.ts";
import type { Outcome } from "../core/errors.ts";
import type { Command } from "../core/operation.ts";
import type { PlayerKey, PlayerView } from "../core/player.ts";
import type { CommandAnswer, ShardStatus } from "../core/ports.ts";
import { Admission } from "./admission.ts";
import { Arrivals } from "./arrivals.ts";
import type { CallOrigin } from "./call-origin.ts";
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
import type { ShardLayout } from "./routing.ts";

/**
 * A shard without the platform: the Durable Object forwards its calls here, tests drive it with simulated ports.
 *
 * One instance per object instance. Its memory is rebuilt from the object's SQLite when it is made.
 */
export class ShardEngine {
  readonly #ports: ShardPorts;
  readonly #memory: ShardMemory;
  readonly #fence: FenceKeeper;
  readonly #pass: FlushPass;
  readonly #pump: Pump;
  readonly #admission: Admission;
  readonly #quota: PlayerQuota;
  readonly #access: PlayerAccess;
  readonly #ownership: Ownership;
  readonly #handOver: HandOver;
  readonly #events: EventCalls;
  readonly #commands: CommandCalls;

  constructor(ports: ShardPorts) {
    this.#ports = ports;
    const memory = (this.#memory = new ShardMemory(ports));
    const fence = (this.#fence = new FenceKeeper(ports, (found) => memory.adopt(found)));
    const commit = new GroupCommit(memory, fence, ports);
    const writer = new GroupWriter(commit, ports, () => this.#pump.arm());
    const granting = new Granting(ports, writer, memory);
    const loader = new Loader(memory, fence, ports, (resident) => granting.resume(resident));
    const flusher = new Flusher(memory, fence, ports);
    this.#pass = new FlushPass({ ports, memory, fence, loader, flusher, granting });
    this.#pump = new Pump(this.#pass, ports);
    this.#admission = new Admission(memory, writer, ports.settings.limits?.journalOperationsMax);
    this.#quota = new PlayerQuota(memory, ports.realClock);
    this.#access = new PlayerAccess(memory, loader, ports);
    this.#ownership = new Ownership(memory, new Arrivals(memory, granting, ports), ports);
    this.#handOver = new HandOver(memory, granting, ports, () => this.#pump.hurry());
    this.#events = new EventCalls(memory, writer, loader, this.#ownership, ports);
    this.#commands = new CommandCalls(memory, writer, granting, this.#access, ports);
    this.#pump.arm();
  }

  /** One result per event, in order; durable once answered. */
  submit(batch: EventBatch, { layout }: CallOrigin): Promise<Outcome<ShardEventResult[]>> {
    this.#enter();
    return this.#admission.write<Outcome<ShardEventResult[]>>(
      batch.events.length,
      () => this.#events.submit(batch, layout),
      (failure) => ({ ok: false, failure }),
    );
  }

  /** The first result of that id, whether now or earlier; durable once answered. */
  command(
    player: PlayerKey,
    command: Command,
    id: string,
    pointer: CatalogPointer,
    { layout, requestId }: CallOrigin,
  ): Promise<ShardOutcome<CommandAnswer>> {
    this.#enter();
    return this.#quota.command(player, () =>
      this.#admission.write<ShardOutcome<CommandAnswer>>(
        1,
        () =>
          this.#ownership.of(player, layout, () =>
            this.#commands.run(player, command, { id, pointer, requestId }),
          ),
        (failure) => ({ ok: false, failure }),
      ),
    );
  }

  /** The player with every acknowledged operation applied. */
  view(
    player: PlayerKey,
    { layout }: Pick<CallOrigin, "layout">,
  ): Promise<ShardOutcome<PlayerView>> {
    this.#pump.arm();
    const read = () =>
      this.#access.use(player, async ({ view }) => ({ ok: true, value: view }) as const);
    return this.#quota.read(player, () =>
      this.#admission.read<ShardOutcome<PlayerView>>(
        () => this.#ownership.of(player, layout, read),
        (failure) => ({ ok: false, failure }),
      ),
    );
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

  /** What the object's alarm runs; never throws. */
  alarm(): Promise<void> {
    return this.#pump.run();
  }

  /** How the shard is doing; also looks after a lost alarm. */
  status(): ShardStatus {
    this.#pump.arm();
    const { journal, residents, parked } = this.#memory;
    const oldestAt = journal.oldestAt;
    return {
      shard: this.#ports.shard,
      epoch: this.#fence.lastEpoch,
      journalDepth: journal.size.operations,
      oldestAgeMs: oldestAt === null ? 0 : Math.max(0, this.#ports.clock.now() - oldestAt),
      dirtyPlayers: residents.dirtyCount,
      parkedPlayers: parked.size,
      lastFlushAt: this.#pass.lastFlushAt,
      lastError: this.#fence.stopped ?? this.#pump.lastError,
    };
  }

  /** A call that may meet an id finds the window as it is now, also in a shard that has nothing to flush. */
  #enter(): void {
    this.#pump.arm();
    this.#memory.dedup.trim(this.#ports.realClock.now());
  }
}
