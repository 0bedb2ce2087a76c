import type { HandedOver } from "../../src/shard/handed-over.ts";
import { playerName } from "../../src/shard/resident.ts";
import type { ShardLayout } from "../../src/shard/routing.ts";
import {
  commandOf,
  type GenerationSchedule,
  type GenerationStep,
  LAYOUTS,
  PLAYERS,
} from "./generation-schedule.ts";
import { SIMULATED_CATALOGS } from "./simulated-catalogs.ts";
import { SimulatedDeployment } from "./simulated-deployment.ts";
import { fold, SimulatedHistory, sorted } from "./simulated-history.ts";
import { outsideLetters } from "./simulated-letters.ts";
import { BrokenPromise, mustEqual, SimulatedPromises } from "./simulated-promises.ts";

const REST_SECONDS_MAX = 400;

/** Runs one schedule over several generations of shards, and checks every promise. Answers what it met; throws what is wrong. */
export async function runGenerations(
  schedule: GenerationSchedule,
  broken: Breakage = {},
): Promise<Readonly<Record<string, number>>> {
  const run = new GenerationRun(schedule, broken);
  for (const step of schedule.steps) await run.step(step);
  await run.rest();
  run.check();
  return run.coverage();
}

/** What is wrong with the hand-over, for controls. */
export interface Breakage {
  readonly layouts?: readonly ShardLayout[];
  readonly tamper?: (given: HandedOver) => HandedOver;
}

class GenerationRun {
  readonly #history = new SimulatedHistory(SIMULATED_CATALOGS);
  readonly #promises: SimulatedPromises;
  readonly #deployment: SimulatedDeployment;
  readonly #problems: BrokenPromise[] = [];
  readonly #layouts: readonly ShardLayout[];
  #deployed = 1;

  constructor({ luck, grantMs, isPoisoned }: GenerationSchedule, { layouts, tamper }: Breakage) {
    this.#layouts = layouts ?? LAYOUTS;
    this.#deployment = new SimulatedDeployment(LAYOUTS, luck, this.#history);
    this.#deployment.grantMs = grantMs;
    if (tamper !== undefined) this.#deployment.tamper = tamper;
    const { store } = this.#deployment;
    this.#promises = new SimulatedPromises(this.#history, (name) => store.lettered.has(name));
    store.refuses = ({ player, rows }) =>
      isPoisoned && player.userId === PLAYERS[0] && rows.length > 0 ? "out of range" : null;
  }

  async step(step: GenerationStep): Promise<void> {
    switch (step.kind) {
      case "wait":
        return this.#deployment.pass(step.milliseconds);
      case "deploy":
        this.#deployed = Math.min(this.#deployed + 1, LAYOUTS.length);
        return;
      case "restart": {
        const shards = [...this.#deployment.shards.values()];
        const shard = shards[step.shard % shards.length];
        if (shard !== undefined) this.#deployment.restart(shard);
        return;
      }
      case "late":
        this.#deployment.store.arriveLate();
        return;
      case "event":
        return this.#note(this.#event(step));
      case "command":
        return this.#note(this.#command(step));
      case "view":
        return this.#note(this.#view(step));
    }
  }

  /** Ends all faults and waits until everything is in Postgres. */
  async rest(): Promise<void> {
    this.#deployment.calmDown();
    this.#deployment.store.refuses = () => null;
    for (let second = 0; second < REST_SECONDS_MAX; second++) {
      const statuses = [...this.#deployment.shards.values()].map(({ engine }) => engine.status());
      const open = statuses.map((status) => status.journalDepth + status.parkedPlayers);
      if (second > 5 && open.every((count) => count === 0) && !this.#history.hasOpenClaim) return;
      // As the Workers do: whoever is asked for moves on, with what is open.
      if (second % 20 === 0) await this.#touchAll();
      await this.#deployment.pass(1_000);
    }
    const statuses = [...this.#deployment.shards.values()].map(({ engine }) => engine.status());
    throw new Error(`The shards do not come to rest: ${JSON.stringify(statuses)}`);
  }

  check(): void {
    const [problem] = this.#problems;
    if (problem !== undefined) throw problem;
    this.#promises.check();
    for (const userId of PLAYERS) {
      const player = { namespace: "default", userId };
      const { operations } = this.#history.of(playerName(player));
      const inRows = outsideLetters(operations, this.#deployment.store.lettersOf(player));
      const stored = [...this.#deployment.store.rowsOf(player).values()].map(({ row }) => row);
      const expected = sorted(fold(inRows).rows.values());
      mustEqual(sorted(stored), expected, `The rows of ${userId} are not what became durable.`);
    }
    for (const { grantId, state } of this.#deployment.store.grants.values()) {
      const isPaid = this.#deployment.paid.has(grantId);
      mustEqual(state === "granted", isPaid, `Grant ${grantId} is ${state}.`);
    }
  }

  coverage(): Readonly<Record<string, number>> {
    const { met, store } = this.#deployment;
    return { ...met, ...this.#promises.counts, "dead letters": store.letters.length };
  }

  async #touchAll(): Promise<void> {
    for (const player of PLAYERS.keys()) {
      this.#note(this.#view({ kind: "view", player, worker: LAYOUTS.length - 1 }));
    }
    await this.#deployment.pass(1);
  }

  async #event({
    player,
    event,
    worker,
  }: Extract<GenerationStep, { kind: "event" }>): Promise<void> {
    const key = keyOf(player);
    const eventId = `event-${event}`;
    const facts = { inc: 1 };
    let id = "";
    const answer = await this.#deployment.call(key, this.#layout(worker), async (shard, layout) => {
      id = shard.eventId(eventId, key.userId);
      const wish = { eventId, userId: key.userId, facts };
      const outcome = await shard.events([wish], shard.engine, layout);
      if (!outcome.ok) return outcome;
      const [result] = outcome.value;
      if (result === undefined) throw new BrokenPromise("An event got no result.");
      const { movedTo } = result;
      const failure = { code: "SHARD_UNAVAILABLE", detail: "moved" } as const;
      return movedTo === undefined ? { ok: true, value: result } : { ok: false, failure, movedTo };
    });
    if (answer?.ok === true) this.#promises.event(playerName(key), id, answer.value);
  }

  async #command(step: Extract<GenerationStep, { kind: "command" }>): Promise<void> {
    const key = keyOf(step.player);
    const command = commandOf(step.command);
    const since = this.#promises.due(playerName(key));
    let id = "";
    const answer = await this.#deployment.call(key, this.#layout(step.worker), (shard, layout) => {
      id = shard.commandId(key.userId, command, `key-${step.key}`);
      return shard.command(key.userId, command, `key-${step.key}`, layout);
    });
    if (answer?.ok === true) this.#promises.command(playerName(key), id, answer.value, since);
  }

  async #view({ player, worker }: Extract<GenerationStep, { kind: "view" }>): Promise<void> {
    const key = keyOf(player);
    const since = this.#promises.due(playerName(key));
    const answer = await this.#deployment.call(key, this.#layout(worker), (shard, layout) =>
      shard.view(key.userId, layout),
    );
    if (answer?.ok === true) this.#promises.view(playerName(key), answer.value.rows, since);
  }

  #layout(worker: number): ShardLayout {
    const layout = this.#layouts[worker % this.#deployed];
    if (layout === undefined) throw new Error("There is no such layout.");
    return layout;
  }

  #note(call: Promise<void>): void {
    call.catch((error: unknown) => {
      if (error instanceof BrokenPromise) this.#problems.push(error);
      else this.#deployment.count("unanswered");
    });
  }
}

function keyOf(player: number) {
  return { namespace: "default", userId: PLAYERS[player] ?? PLAYERS[0] };
}
