import type { CatalogPointer } from "../core/catalog.ts";
import { type Outcome, refuse } from "../core/errors.ts";
import { EVENT_AGE_SECONDS_MAX, EVENT_FUTURE_SECONDS_MAX } from "../core/limits.ts";
import type { EventFacts, EventResult } from "../core/operation.ts";
import type { PlayerKey } from "../core/player.ts";
import { goalsMovedBy } from "../core/reducer.ts";
import type { ShelvedCatalog } from "./catalog-shelf.ts";
import type { GroupWriter } from "./group-writer.ts";
import { movedEvent, PlayerMoved, type ShardEventResult } from "./handed-over.ts";
import { EventItem } from "./items.ts";
import { EVENT_LOAD_WAIT_MS } from "./limits.ts";
import type { Loader } from "./loader.ts";
import type { ShardMemory } from "./memory.ts";
import { notArrived, type Ownership } from "./ownership.ts";
import type { ShardPorts } from "./ports.ts";
import { playerName } from "./resident.ts";
import type { ShardLayout } from "./routing.ts";
import { within } from "./within.ts";

/** One event for this shard, with its operation id. */
export interface ShardEvent {
  readonly id: string;
  readonly userId: string;
  readonly facts: EventFacts;
}

/** Events of one namespace that one call brings; plain data, it crosses RPC. */
export interface EventBatch {
  readonly namespace: string;
  readonly pointer: CatalogPointer;
  readonly events: readonly ShardEvent[];
}

/** An event's result, its way into the open group, or another event's way there under the same id. */
type Verdict = ShardEventResult | EventItem | { readonly repeatOf: string };

/** The calls that bring events: each is answered when it is durable, whether or not its player could be loaded. */
export class EventCalls {
  readonly #memory: ShardMemory;
  readonly #writer: GroupWriter;
  readonly #loader: Loader;
  readonly #ownership: Ownership;
  readonly #ports: ShardPorts;

  constructor(
    memory: ShardMemory,
    writer: GroupWriter,
    loader: Loader,
    ownership: Ownership,
    ports: ShardPorts,
  ) {
    this.#memory = memory;
    this.#writer = writer;
    this.#loader = loader;
    this.#ownership = ownership;
    this.#ports = ports;
  }

  /** One result per event, in order. NO_CATALOG when the namespace's catalog is nowhere to be found. */
  async submit(
    { namespace, pointer, events }: EventBatch,
    layout: ShardLayout,
  ): Promise<Outcome<ShardEventResult[]>> {
    const shelved = await this.#memory.shelf.ensure(namespace, pointer);
    if (shelved === null) {
      return refuse("NO_CATALOG", `Namespace ${namespace} has no catalog ${pointer.version}.`);
    }
    const players = new Map<string, PlayerKey>();
    for (const { userId } of events) players.set(userId, { namespace, userId });
    if (!(await this.#ownership.arrived(players.values(), layout))) return notArrived();
    await this.#load([...players.values()]);
    const written = new Set<Promise<void>>();
    const verdicts = events.map((event): Verdict => {
      const player = players.get(event.userId) ?? { namespace, userId: event.userId };
      return this.#take(event, player, shelved, written);
    });
    // Also who only met an id in the open group is answered after that group is durable.
    await Promise.all(written);
    return { ok: true, value: verdicts.map((verdict) => this.#resultOf(verdict)) };
  }

  /** Waits a moment for players that are not in memory; who is not loaded by then is journaled unapplied. */
  async #load(players: readonly PlayerKey[]): Promise<void> {
    const { residents, moved } = this.#memory;
    const absent = players.filter((player) => {
      const name = playerName(player);
      return !residents.has(name) && !moved.has(name);
    });
    if (absent.length === 0) return;
    const loads = Promise.allSettled(absent.map((player) => this.#loader.load(player)));
    if (this.#loader.isFailing) return;
    await within(this.#ports, EVENT_LOAD_WAIT_MS, loads);
  }

  #take(
    event: ShardEvent,
    player: PlayerKey,
    { catalog }: ShelvedCatalog,
    written: Set<Promise<void>>,
  ): Verdict {
    const pending = this.#writer.pending(event.id);
    if (pending !== null) {
      written.add(pending);
      return { repeatOf: event.id };
    }
    if (this.#memory.dedup.has(event.id)) return DUPLICATE;
    const movedTo = this.#memory.moved.layoutOf(playerName(player));
    if (movedTo !== null) return movedEvent(movedTo);
    const refusal = refuseAge(event.facts, this.#ports.clock.now());
    if (refusal !== null) return refusal;
    if (goalsMovedBy(catalog, event.facts).length === 0) return IGNORED;
    const item = new EventItem(event.id, player, event.facts);
    written.add(this.#writer.add(item));
    return item;
  }

  #resultOf(verdict: Verdict): ShardEventResult {
    if (verdict instanceof EventItem) return resultOfItem(verdict);
    if (!("repeatOf" in verdict)) return verdict;
    // A repeat of what was not taken has not been taken either.
    return this.#memory.dedup.has(verdict.repeatOf) ? DUPLICATE : NOT_TAKEN;
  }
}

const ACCEPTED: EventResult = { status: "accepted", code: null, detail: null, retryable: false };
const DUPLICATE: EventResult = { status: "duplicate", code: null, detail: null, retryable: false };
const IGNORED: EventResult = { status: "ignored", code: null, detail: null, retryable: false };
const NOT_TAKEN: EventResult = {
  status: "rejected",
  code: "SHARD_UNAVAILABLE",
  detail: "The event could not be applied; it was not taken.",
  retryable: true,
};

function resultOfItem({ error }: EventItem): ShardEventResult {
  if (error === null) return ACCEPTED;
  return error instanceof PlayerMoved ? movedEvent(error.movedTo) : NOT_TAKEN;
}

function refuseAge({ timestamp }: EventFacts, now: number): EventResult | null {
  if (timestamp === null) return null;
  const ageSeconds = (now - timestamp) / 1000;
  if (ageSeconds < -EVENT_FUTURE_SECONDS_MAX) {
    return tooFar(`timestamp is more than ${EVENT_FUTURE_SECONDS_MAX} seconds ahead of the server`);
  }
  if (ageSeconds > EVENT_AGE_SECONDS_MAX) {
    return tooFar(`timestamp is older than ${EVENT_AGE_SECONDS_MAX} seconds`);
  }
  return null;
}

function tooFar(detail: string): EventResult {
  return { status: "rejected", code: "INVALID_REQUEST", detail, retryable: false };
}
