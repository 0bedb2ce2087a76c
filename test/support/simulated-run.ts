import { isDeepStrictEqual } from "node:util";

import type { GrantState, PlayerKey } from "../../src/core/player.ts";
import { playerName } from "../../src/shard/resident.ts";
import { SimulatedCalls } from "./simulated-calls.ts";
import { SIMULATED_CATALOGS } from "./simulated-catalogs.ts";
import { fold, SimulatedHistory, sorted } from "./simulated-history.ts";
import { outsideLetters } from "./simulated-letters.ts";
import { mustEqual, SimulatedPromises } from "./simulated-promises.ts";
import { PLAYERS, type Schedule, type Step } from "./simulated-schedule.ts";
import { SimulatedStore } from "./simulated-store.ts";
import { type Coverage, SimulatedWorld } from "./simulated-world.ts";

/** Simulated seconds after which a shard must be at rest once nothing goes wrong any more. */
const REST_SECONDS_MAX = 400;

/**
 * Runs one schedule against a whole shard, lets it come to rest without faults, and checks every promise that it made.
 *
 * Answers what the run met. Throws what is wrong.
 */
export async function runSchedule(
  schedule: Schedule,
  store = new SimulatedStore(),
): Promise<Coverage> {
  const run = new ScheduleRun(schedule, store);
  for (const step of schedule.steps) await run.step(step);
  await run.rest();
  run.check();
  // What is still on its way changes nothing any more.
  store.arriveLate();
  run.check();
  return run.coverage();
}

class ScheduleRun {
  readonly #store: SimulatedStore;
  readonly #world: SimulatedWorld;
  readonly #history = new SimulatedHistory(SIMULATED_CATALOGS);
  readonly #promises: SimulatedPromises;
  readonly #calls: SimulatedCalls;

  constructor(schedule: Schedule, store: SimulatedStore) {
    this.#store = store;
    this.#world = new SimulatedWorld(schedule, store);
    this.#world.shard.sql.watch = (query, values) => this.#history.watch(query, values);
    const { lettered } = store;
    this.#promises = new SimulatedPromises(this.#history, (name) => lettered.has(name));
    this.#calls = new SimulatedCalls(this.#world, this.#promises, this.#history);
  }

  async step(step: Step): Promise<void> {
    if (step.kind === "wait") await this.#world.pass(step.milliseconds);
    else if (step.kind === "repair") this.#calls.repair(step);
    else this.#happen(step);
    const { alarmAt, engine } = this.#world.shard;
    const isParked = alarmAt !== null && engine.status().parkedPlayers > 0;
    if (isParked) this.#world.count("steps with parked operations");
  }

  #happen(step: Exclude<Step, { kind: "wait" | "repair" }>): void {
    switch (step.kind) {
      case "events":
        return this.#calls.events(step.events);
      case "command":
        return this.#calls.command(step);
      case "erase-and-return":
        return this.#calls.eraseAndReturn(step);
      case "view":
        return this.#calls.view(step.player);
      case "zombie": {
        const zombie = this.#world.zombies.at(-1);
        return zombie && this.#calls.bother(zombie, step);
      }
      case "late":
        return this.#arriveLate(step.which);
      case "restart":
      case "takeover":
      case "outage":
      case "poison":
      case "clock":
      case "lose-alarm":
      case "publish":
        return this.#world.happen(step);
    }
  }

  #arriveLate(which: number): void {
    const { lateCount } = this.#store;
    if (lateCount > 0) {
      this.#world.count("late statements", this.#store.arriveLate(which % lateCount));
    }
  }

  /** Ends all faults and waits until everything is in Postgres. */
  async rest(): Promise<void> {
    const { zombies, shard } = this.#world;
    this.#world.calmDown();
    for (const zombie of zombies) this.#calls.bother(zombie, REST_ALARM);
    for (let second = 0; second < REST_SECONDS_MAX; second++) {
      // As the cron does: an alarm that was lost must not stay lost.
      if (second % 60 === 0) shard.engine.status();
      await this.#world.pass(1_000);
      if (this.#isAtRest()) return;
    }
    throw new Error(`The shard does not come to rest: ${JSON.stringify(shard.engine.status())}`);
  }

  #isAtRest(): boolean {
    const { journalDepth, dirtyPlayers, parkedPlayers } = this.#world.shard.engine.status();
    return journalDepth + dirtyPlayers + parkedPlayers === 0 && !this.#history.hasOpenClaim;
  }

  check(): void {
    const [problem] = this.#calls.problems;
    if (problem !== undefined) throw problem;
    const stopped = this.#world.shard.logged.filter(({ event }) => event === "shard-stopped");
    const isStuck = stopped.some(({ fields }) => String(fields["reason"]).includes("set back"));
    mustEqual(isStuck, false, "The shard believes that Postgres was set back in time.");
    mustEqual(this.#world.met["alarms that threw"] ?? 0, 0, "An alarm threw.");
    mustEqual(this.#history.turnedBack, 0, "Arrival went back in time.");
    this.#promises.check();
    this.#checkRequests();
    for (const userId of PLAYERS) this.#checkPlayer(this.#world.shard.player(userId));
    for (const { grantId, state } of this.#store.grants.values()) this.#checkGrant(grantId, state);
    for (const [completion, grantIds] of this.#history.grantIdsByCompletion) {
      mustEqual(grantIds.size, 1, `The completion ${completion} was claimed under several ids.`);
    }
  }

  #checkGrant(grantId: string, state: GrantState): void {
    const { paid, repaired } = this.#world;
    const isPaid = paid.has(grantId);
    // What may have been paid, and nobody knows, waits for an operator, whose word then counts.
    const states: GrantState[] = ["parked", isPaid ? "granted" : "rejected"];
    if (repaired.deliver.has(grantId)) states.push("granted");
    if (repaired.cancel.has(grantId)) states.push("cancelled");
    mustEqual(states.includes(state), true, `Grant ${grantId} is ${state}, paid: ${isPaid}.`);
  }

  /** Whatever instance asks, and whenever: the reward service hears of a claim as it was journaled. */
  #checkRequests(): void {
    for (const { grantId, userId, goalId, reward } of this.#world.shard.granted) {
      const { operations } = this.#history.of(playerName(this.#world.shard.player(userId)));
      const asked = operations.some(
        ({ operation }) =>
          operation.kind === "claim-started" &&
          operation.claim.grantId === grantId &&
          operation.goalId === goalId &&
          isDeepStrictEqual(operation.claim.reward, reward),
      );
      mustEqual(asked, true, `Nobody claimed ${reward.quantity} for ${goalId} under ${grantId}.`);
    }
  }

  #checkPlayer(player: PlayerKey): void {
    const { userId } = player;
    const name = playerName(player);
    const { operations, grants, isErased } = this.#history.of(name);
    const stored = [...this.#store.rowsOf(player).values()].map(({ row }) => row);
    const inRows = outsideLetters(operations, this.#store.lettersOf(player));
    const expected = sorted(fold(inRows).rows.values());
    mustEqual(sorted(stored), expected, `The rows of ${userId} are not what became durable.`);
    const isLettered = this.#store.lettered.has(name);
    for (const [grantId, line] of grants) {
      const stored = this.#store.grants.get(grantId);
      const { shard: _, player: __, ...ledger } = stored ?? {};
      const problem = `The ledger of ${userId} is not what became durable.`;
      mustEqual(stored?.state, line.state, problem);
      // An erasure takes the name off lines, whether or not they are written again; a letter takes claims out of rows.
      if (!isErased && !isLettered) mustEqual(ledger, line, problem);
    }
  }

  coverage(): Coverage {
    const { met, evictions, shard } = this.#world;
    const happened = (name: string) => shard.logged.filter(({ event }) => event === name);
    const flushes = happened("flush").map(({ fields }) => fields);
    return {
      ...met,
      ...this.#promises.counts,
      ...this.#history.claimSteps,
      evictions,
      "partial flushes": flushes.filter(({ leftOut }) => Number(leftOut) > 0).length,
      "recognised flushes": flushes.filter(({ isRecognised }) => isRecognised === true).length,
      "refused flushes": this.#store.refusedFlushes,
      "erased and claimed again in one flush": this.#store.reclaimingFlushes,
      "dead letters": this.#store.letters.length,
      "operations in dead letters": this.#store.letters.flatMap(
        ({ draft }) => draft?.operations ?? [],
      ).length,
      "dead letters erased": this.#store.letters.filter(({ draft }) => draft === null).length,
      "players set aside": happened("player-set-aside").length,
      "instances stopped": happened("shard-stopped").length,
      "renumbered groups": this.#history.renumbered,
    };
  }
}

const REST_ALARM = { kind: "zombie", gets: "alarm", player: 0 } as const;
