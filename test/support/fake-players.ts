import type { CatalogPointer } from "../../src/core/catalog.ts";
import type { DeadLetter } from "../../src/core/dead-letters.ts";
import { type FailureError, type Outcome, refuse } from "../../src/core/errors.ts";
import type { Command, EventResult, GameEvent } from "../../src/core/operation.ts";
import type { PlayerKey, PlayerView } from "../../src/core/player.ts";
import type { CommandAnswer, Players, ShardStatus } from "../../src/core/ports.ts";
import type { RetriedOperation } from "../../src/core/retry-operation.ts";
import type { ResumeReport } from "../../src/core/set-back.ts";
import type { ShardReading } from "../../src/core/shard-metrics.ts";

export const ACCEPTED: EventResult = {
  status: "accepted",
  code: null,
  detail: null,
  retryable: false,
};

/** Shards that note what they are asked, and answer what a test tells them to. */
export class FakePlayers implements Players {
  viewOf: PlayerView = { rows: [], position: 0 };
  /** Thrown by every call when set. */
  failure: FailureError | null = null;
  answer: (command: Command) => Outcome<CommandAnswer> = () =>
    refuse("CHALLENGE_NOT_FOUND", "There is no such challenge.");
  judge: (event: GameEvent) => EventResult = () => ACCEPTED;
  statuses: ShardStatus[] = [];
  resume: Outcome<ResumeReport> = refuse("CONFLICT", "The shard is not stopped.");
  readonly resumed: { shard: string; isDryRun: boolean }[] = [];
  readings: ShardReading[] = [];
  /** Ids of the letters that were retried, and what becomes of their operations. */
  readonly retried: number[] = [];
  retryOutcome: (operations: DeadLetter["operations"]) => Outcome<RetriedOperation[]> = (
    operations,
  ) => ({
    ok: true,
    value: operations.map(({ position }) => ({ position, status: "taken", detail: null })),
  });
  readonly viewed: PlayerKey[] = [];
  readonly commands: { player: PlayerKey; command: Command; commandId: string }[] = [];
  readonly events: { namespace: string; event: GameEvent; pointer: CatalogPointer }[] = [];

  async view(player: PlayerKey): Promise<PlayerView> {
    this.#fail();
    this.viewed.push(player);
    return this.viewOf;
  }

  async command(
    player: PlayerKey,
    command: Command,
    commandId: string,
  ): Promise<Outcome<CommandAnswer>> {
    this.#fail();
    this.commands.push({ player, command, commandId });
    return this.answer(command);
  }

  async submitEvents(
    namespace: string,
    events: readonly GameEvent[],
    pointer: CatalogPointer,
  ): Promise<EventResult[]> {
    for (const event of events) this.events.push({ namespace, event, pointer });
    return events.map((event) => this.judge(event));
  }

  async retryLetter(letter: Pick<DeadLetter, "id" | "player" | "operations">) {
    this.#fail();
    this.retried.push(letter.id);
    return this.retryOutcome(letter.operations);
  }

  async resumeShard(shard: string, _id: string, isDryRun: boolean): Promise<Outcome<ResumeReport>> {
    this.#fail();
    this.resumed.push({ shard, isDryRun });
    return this.resume;
  }

  async shardStatuses(): Promise<ShardStatus[]> {
    this.#fail();
    return this.statuses;
  }

  async shardMetrics(): Promise<ShardReading[]> {
    return this.readings;
  }

  #fail(): void {
    if (this.failure !== null) throw this.failure;
  }
}
