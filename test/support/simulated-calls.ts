import { isUnsettled } from "../../src/core/ledger-line.ts";
import type { Command } from "../../src/core/operation.ts";
import { playerName } from "../../src/shard/resident.ts";
import type { SimulatedHistory } from "./simulated-history.ts";
import { BrokenPromise, type SimulatedPromises } from "./simulated-promises.ts";
import { GOALS, PLAYERS, type ScheduledEvent, type Step } from "./simulated-schedule.ts";
import { type EventWish, ONE_SHARD } from "./simulated-shard.ts";
import type { Life, SimulatedWorld } from "./simulated-world.ts";

/**
 * The calls of a schedule; none is waited for, each answer is noted as a promise.
 *
 * What an instance says after it ended itself does not count: the platform lets no answer of it out.
 */
export class SimulatedCalls {
  readonly #world: SimulatedWorld;
  readonly #promises: SimulatedPromises;
  readonly #history: SimulatedHistory;
  /** Answers that contradict what was durable. */
  readonly problems: BrokenPromise[] = [];

  constructor(world: SimulatedWorld, promises: SimulatedPromises, history: SimulatedHistory) {
    this.#world = world;
    this.#promises = promises;
    this.#history = history;
  }

  events(scheduled: readonly ScheduledEvent[]): void {
    this.#note(this.#submit(scheduled.map(eventOf), this.#world.life));
  }

  command(step: Extract<Step, { kind: "command" }>): void {
    this.#note(this.#command(userOf(step.player), commandOf(step), `key-${step.key}`));
  }

  /** In one turn, so that group and flush take them together, unless the player has to be loaded. */
  eraseAndReturn({ player, once }: Extract<Step, { kind: "erase-and-return" }>): void {
    this.command({ kind: "command", player, command: "erase", goal: 0, key: once });
    this.#completeAndClaim(player, once);
  }

  #completeAndClaim(player: number, once: number): void {
    const kills = [1, 2, 3].map((nth) => ({ player, event: once * 10 + nth, ...KILL }));
    this.events(kills);
    this.command({ kind: "command", player, command: "claim", goal: 0, key: once });
  }

  repair(step: Extract<Step, { kind: "repair" }>): void {
    this.#completeAndClaim(step.player, step.once);
    this.#world.shard.time.after(step.laterMs, () => this.#repair(step));
  }

  /** Mostly of a grant that is open, if there is one; nothing, as long as nobody has claimed anything. */
  #repair({ which, repair, key }: Extract<Step, { kind: "repair" }>): void {
    const grants = PLAYERS.flatMap((userId) =>
      [...this.#history.of(this.#nameOf(userId)).grants.values()].map((line) => ({
        userId,
        grantId: line.grantId,
        isOpen: isUnsettled(line.state),
      })),
    );
    const open = grants.filter(({ isOpen }) => isOpen);
    const candidates = open.length > 0 && which % 5 > 0 ? open : grants;
    const grant = candidates[which % Math.max(1, candidates.length)];
    if (grant === undefined) return;
    const { userId, grantId } = grant;
    this.#world.repaired[repair].add(grantId);
    const command = { kind: "repair-grant", grantId, repair } as const;
    this.#note(this.#command(userId, command, `repair-${key}`));
  }

  view(player: number): void {
    const name = this.#nameOf(userOf(player));
    this.#note(this.#view(this.#world.life, player, this.#promises.due(name)));
  }

  /** A zombie may answer what it knows from before, and must promise nothing new. */
  bother(zombie: Life, { gets, player }: Extract<Step, { kind: "zombie" }>): void {
    if (gets === "alarm") return this.#note(zombie.engine.alarm());
    this.#note(this.#submit([eventOf({ player, event: 0, ...KILL })], zombie));
    this.#note(this.#view(zombie, player, 0));
  }

  async #submit(events: readonly EventWish[], { engine, instance }: Life): Promise<void> {
    const { shard } = this.#world;
    const outcome = await shard.events(events, engine);
    if (!instance.isAlive || !outcome.ok) return;
    for (const [index, { userId, eventId }] of events.entries()) {
      const result = outcome.value[index];
      if (result === undefined) throw new BrokenPromise("An event got no result.");
      this.#promises.event(this.#nameOf(userId), shard.eventId(eventId, userId), result);
    }
  }

  async #command(userId: string, command: Command, key: string): Promise<void> {
    const { shard, life } = this.#world;
    const since = this.#promises.due(this.#nameOf(userId));
    const id = shard.commandId(userId, command, key);
    const outcome = await shard.command(userId, command, key);
    if (!life.instance.isAlive || !outcome.ok) return;
    this.#promises.command(this.#nameOf(userId), id, outcome.value, since);
  }

  async #view({ engine, instance }: Life, player: number, since: number): Promise<void> {
    const key = this.#world.shard.player(userOf(player));
    const outcome = await engine.view(key, { layout: ONE_SHARD });
    if (!instance.isAlive || !outcome.ok) return;
    this.#promises.view(playerName(key), outcome.value.rows, since);
  }

  /** A call that fails was not answered, which promises nothing. */
  #note(call: Promise<void>): void {
    call.catch((error: unknown) => {
      if (error instanceof BrokenPromise) this.problems.push(error);
      else this.#world.count("unanswered");
    });
  }

  #nameOf(userId: string): string {
    return playerName(this.#world.shard.player(userId));
  }
}

const KILL = { stat: "kills", value: 1 } as const;

function userOf(player: number): string {
  return PLAYERS[player] ?? PLAYERS[0];
}

function eventOf({ player, event, stat, value }: ScheduledEvent): EventWish {
  const userId = userOf(player);
  const eventId = `event-${event}`;
  switch (stat) {
    case "kills":
      return { eventId, userId, facts: { inc: value } };
    case "score":
      return { eventId, userId, facts: { statCode: "score", latestValue: value * 2, inc: null } };
    case "login":
      return { eventId, userId, facts: { source: "login", statCode: "login", inc: 1 } };
  }
}

function commandOf({ command, goal }: Extract<Step, { kind: "command" }>): Command {
  const target = { challengeId: "all", goalId: GOALS[goal] ?? GOALS[0] };
  switch (command) {
    case "initialize":
      return { kind: "initialize" };
    case "activate":
      return { kind: "activate", ...target, isActive: true };
    case "deactivate":
      return { kind: "activate", ...target, isActive: false };
    case "claim":
      return { kind: "claim", ...target };
    case "select": {
      const goalIds = [target.goalId];
      return { kind: "batch-select", challengeId: "all", goalIds, replaceExisting: goal > 1 };
    }
    case "draw": {
      const draw = { count: 2, replaceExisting: goal > 1, excludeActive: goal === 1 };
      return { kind: "random-select", challengeId: "all", ...draw };
    }
    case "reset":
      return { kind: "reset", goalId: goal === 0 ? null : target.goalId };
    case "erase":
      return { kind: "erase" };
  }
}
