import type { PlayerKey } from "../../src/core/player.ts";
import type { ShardEngine } from "../../src/shard/engine.ts";
import type {
  HandedOver,
  HandOverAnswer,
  OlderShards,
  ShardOutcome,
} from "../../src/shard/handed-over.ts";
import { type ShardLayout, shardNames, shardOf } from "../../src/shard/routing.ts";
import { SIMULATED_CATALOGS } from "./simulated-catalogs.ts";
import type { Fate } from "./simulated-fates.ts";
import type { SimulatedHistory } from "./simulated-history.ts";
import { SimulatedShard } from "./simulated-shard.ts";
import { SimulatedStore } from "./simulated-store.ts";
import { SimulatedTime } from "./simulated-time.ts";

/** Slices in which time passes, so that alarms run when they are due. */
const SLICE_MS = 250;

/** A call follows its player at most this often; see client.ts. */
const MOVES_MAX = 3;

/** What happens to the calls between shards; each list is used over and over. */
export interface Luck {
  readonly statements: readonly Fate[];
  readonly calls: readonly ("ok" | "lost-request" | "lost-answer")[];
  readonly delaysMs: readonly number[];
}

/** Shards of several generations over one Postgres, and Workers of any of their layouts. */
export class SimulatedDeployment {
  readonly store = new SimulatedStore();
  readonly time = new SimulatedTime();
  readonly shards = new Map<string, SimulatedShard>();
  readonly met: Record<string, number> = {};
  /** Grants that the reward service has paid, and how often each was asked for. */
  readonly paid = new Set<string>();
  readonly #luck: Luck;
  readonly #alarms = new Map<string, ShardEngine>();
  #isFaulty = true;
  #statements = 0;
  #calls = 0;
  #delays = 0;

  constructor(layouts: readonly ShardLayout[], luck: Luck, history: SimulatedHistory) {
    this.#luck = luck;
    this.store.fate = () => this.#turn(luck.statements, this.#statements++, "ok");
    this.store.gate = () => this.#delay();
    for (const name of layouts.flatMap(shardNames)) this.#add(name, history);
  }

  /** A broken hand-over, for controls: changes what an older shard says. */
  tamper: (given: HandedOver) => HandedOver = (given) => given;

  /** One grant takes a while, so that shards die and players move in the middle of it. */
  grantMs = 0;

  count(what: string): void {
    this.met[what] = (this.met[what] ?? 0) + 1;
  }

  calmDown(): void {
    this.#isFaulty = false;
  }

  /** What a Worker of that layout does: calls the player's shard, and follows the player. Null: no answer came. */
  async call<T>(
    player: PlayerKey,
    layout: ShardLayout,
    call: (shard: SimulatedShard, layout: ShardLayout) => Promise<ShardOutcome<T>>,
  ): Promise<ShardOutcome<T> | null> {
    let current = layout;
    for (let moves = 0; ; moves++) {
      const shard = this.shardOf(player, current);
      const { instance } = shard;
      const answer = await call(shard, current);
      if (!instance.isAlive) return null;
      if (!("movedTo" in answer) || moves === MOVES_MAX) return answer;
      this.count("moved on");
      current = answer.movedTo;
    }
  }

  shardOf(player: PlayerKey, layout: ShardLayout): SimulatedShard {
    const shard = this.shards.get(shardOf(player, layout));
    if (shard === undefined) throw new Error("The deployment knows no such layout.");
    return shard;
  }

  /** The shard's instance dies, and another one starts. */
  restart(shard: SimulatedShard): void {
    this.count("restarts");
    shard.crash();
    shard.start();
  }

  /** Lets time pass; alarms run when they are due, and an instance that ended itself is followed by another. */
  async pass(milliseconds: number): Promise<void> {
    for (let rest = milliseconds; rest > 0; rest -= SLICE_MS) {
      await this.time.pass(Math.min(rest, SLICE_MS));
      for (const shard of this.shards.values()) {
        if (shard.aborted !== null) shard.start();
        const { alarmAt, engine } = shard;
        const isRunning = this.#alarms.get(shard.shard) === engine;
        if (alarmAt === null || alarmAt > this.time.now() || isRunning) continue;
        this.#alarms.set(shard.shard, engine);
        void this.#runAlarm(shard, engine);
      }
    }
  }

  async #runAlarm(shard: SimulatedShard, engine: ShardEngine): Promise<void> {
    await shard.alarm();
    if (this.#alarms.get(shard.shard) === engine) this.#alarms.delete(shard.shard);
  }

  #add(name: string, history: SimulatedHistory): void {
    const { store, time } = this;
    const olderShards = this.#olderShards();
    const around = { store, time, shard: name, olderShards };
    const shard = new SimulatedShard(SIMULATED_CATALOGS[0], around);
    shard.sql.watch = (query, values) => history.watch(query, values);
    let draws = 0;
    shard.random = () => (draws++ % 7) / 7;
    shard.grant = async ({ grantId }) => {
      await this.#sleep(this.grantMs);
      this.paid.add(grantId);
      return { outcome: "granted" };
    };
    this.shards.set(name, shard);
  }

  #olderShards(): OlderShards {
    return {
      handOver: (name, players, to) =>
        this.#between<HandOverAnswer>(name, "hand-overs", (engine) => {
          const answer = engine.handOver(players, to);
          return { ...answer, players: answer.players.map(this.tamper) };
        }),
      settled: (name, players) =>
        this.#between(name, "settled?", (engine) => engine.settled(players)),
    };
  }

  /** A call from one shard to another: it may not arrive, or its answer may be lost. */
  async #between<T>(name: string, what: string, call: (engine: ShardEngine) => T): Promise<T> {
    const fate = this.#turn(this.#luck.calls, this.#calls++, "ok");
    await this.#delay();
    const shard = this.shards.get(name);
    if (shard === undefined || fate === "lost-request") throw new Error("The call was lost.");
    this.count(what);
    const answer = structuredClone(call(shard.engine));
    await this.#delay();
    if (fate !== "lost-answer") return answer;
    this.count("answers lost between shards");
    throw new Error("The answer was lost.");
  }

  #turn<T>(values: readonly T[], turn: number, calm: T): T {
    return this.#isFaulty ? (values[turn % values.length] ?? calm) : calm;
  }

  async #delay(): Promise<void> {
    await this.#sleep(this.#turn(this.#luck.delaysMs, this.#delays++, 0));
  }

  #sleep(milliseconds: number): Promise<void> {
    if (milliseconds === 0) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.time.after(milliseconds, resolve);
    return promise;
  }
}
