import type { GrantOutcome, GrantRequest } from "../../src/core/ports.ts";
import type { PlayerSnapshot } from "../../src/core/shard-store.ts";
import type { ShardEngine } from "../../src/shard/engine.ts";
import { SIMULATED_CATALOGS } from "./simulated-catalogs.ts";
import type { Fate } from "./simulated-fates.ts";
import type { SimulatedInstance } from "./simulated-instance.ts";
import { type Grant, PLAYERS, type Schedule, type Step } from "./simulated-schedule.ts";
import { SimulatedShard } from "./simulated-shard.ts";
import type { SimulatedStore } from "./simulated-store.ts";

/** Slices in which time passes, so that alarms run when they are due. */
const SLICE_MS = 250;
const SLOW_GRANT_MS = 3_000;

/** Steps that no caller takes. */
type Happening = Extract<
  Step,
  { kind: "restart" | "takeover" | "outage" | "poison" | "clock" | "lose-alarm" | "publish" }
>;

/** What a run met, by name. */
export type Coverage = Record<string, number>;

/** An instance of the shard, and whether it is still alive. */
export interface Life {
  readonly engine: ShardEngine;
  readonly instance: SimulatedInstance;
}

/** A shard in a world that behaves as a schedule says: statements, answers, grants, alarms, instances that come and go. */
export class SimulatedWorld {
  readonly shard: SimulatedShard;
  readonly met: Coverage = {};
  /** Grants that the reward service has paid. */
  readonly paid = new Set<string>();
  /** Grants that an operator tried to repair, by what was tried. */
  readonly repaired = {
    retry: new Set<string>(),
    deliver: new Set<string>(),
    cancel: new Set<string>(),
  };
  readonly zombies: Life[] = [];
  readonly #schedule: Schedule;
  #isFaulty = true;
  #outageUntil = 0;
  readonly #poisonUntil = new Map<string, number>();
  #statements = 0;
  #delays = 0;
  #grants = 0;
  #evictions = 0;
  #alarmOf: ShardEngine | null = null;

  constructor(schedule: Schedule, store: SimulatedStore) {
    this.#schedule = schedule;
    store.fate = () => this.#fate();
    store.gate = () => this.#delay();
    store.refuses = (part) => this.#refusal(part);
    this.shard = new SimulatedShard(SIMULATED_CATALOGS[0], { store, settings: this.#settings });
    // Another number each time: a draw that is drawn again shows.
    let draws = 0;
    this.shard.random = () => (draws++ % 7) / 7;
    this.shard.grant = (request) => this.#grant(request);
  }

  count(what: string, times = 1): void {
    this.met[what] = (this.met[what] ?? 0) + times;
  }

  /** Lets time pass; alarms run when they are due, and an instance that ended itself is followed by another. */
  async pass(milliseconds: number): Promise<void> {
    for (let rest = milliseconds; rest > 0; rest -= SLICE_MS) {
      await this.shard.time.pass(Math.min(rest, SLICE_MS));
      if (this.shard.aborted !== null) this.#replace("aborts");
      const { alarmAt, time, engine } = this.shard;
      if (alarmAt === null || alarmAt > time.now() || this.#alarmOf === engine) continue;
      this.#alarmOf = engine;
      await this.shard.time.pass(0);
      void this.#runAlarm(engine);
    }
  }

  /** Something that nobody calls for. */
  happen(step: Happening): void {
    const { shard } = this;
    switch (step.kind) {
      case "restart":
      case "takeover":
        return this.#restart(step.kind === "takeover");
      case "outage":
        this.count("outages");
        this.#outageUntil = shard.time.now() + step.milliseconds;
        return;
      case "poison": {
        const userId = PLAYERS[step.player] ?? "";
        this.#poisonUntil.set(`${userId} ${step.part}`, shard.time.now() + step.milliseconds);
        return;
      }
      case "clock":
        shard.clockOffsetMs = step.offsetMs;
        return;
      case "lose-alarm":
        shard.alarmAt = null;
        return;
      case "publish":
        return shard.publish(SIMULATED_CATALOGS[step.catalog] ?? SIMULATED_CATALOGS[0]);
    }
  }

  /** From now on nothing goes wrong any more. */
  calmDown(): void {
    this.#isFaulty = false;
  }

  /** The current instance. */
  get life(): Life {
    const { engine, instance } = this.shard;
    return { engine, instance };
  }

  get evictions(): number {
    return this.#evictions + this.shard.instance.evictions;
  }

  get #settings() {
    const { residentBytesMax, flushRowsMax, parkAfterMs } = this.#schedule;
    return { grantParkAfterMs: parkAfterMs, limits: { residentBytesMax, flushRowsMax } };
  }

  /** The instance dies, or goes on as a zombie, and another one starts. */
  #restart(isAlive: boolean): void {
    if (isAlive) this.zombies.push(this.life);
    else this.shard.crash();
    this.#replace(isAlive ? "takeovers" : "restarts");
  }

  async #runAlarm(engine: ShardEngine): Promise<void> {
    try {
      await this.shard.alarm();
    } catch {
      this.count("alarms that threw");
    }
    if (this.#alarmOf === engine) this.#alarmOf = null;
  }

  #replace(why: string): void {
    this.count(why);
    this.#evictions += this.shard.instance.evictions;
    this.shard.start(this.#settings);
  }

  #fate(): Fate {
    if (!this.#isFaulty) return "ok";
    if (this.shard.time.now() < this.#outageUntil) return "lost-request";
    const fate = chosen(this.#schedule.fates, this.#statements++);
    this.count(`fate ${fate}`);
    return fate;
  }

  #refusal(snapshot: PlayerSnapshot): string | null {
    const { userId } = snapshot.player;
    for (const part of ["rows", "grants"] as const) {
      const until = this.#poisonUntil.get(`${userId} ${part}`) ?? 0;
      if (snapshot[part].length === 0 || this.shard.time.now() >= until) continue;
      this.count(`refused ${part}`);
      return `${part} of ${userId} are out of range`;
    }
    return null;
  }

  async #delay(): Promise<void> {
    const delayMs = this.#isFaulty ? chosen(this.#schedule.delaysMs, this.#delays++) : 0;
    if (delayMs > 0) await this.#sleep(delayMs);
  }

  async #grant({ grantId }: GrantRequest): Promise<GrantOutcome> {
    const fate: Grant = this.#isFaulty ? chosen(this.#schedule.grants, this.#grants++) : "granted";
    // Paid once is paid for good: a repeated key is answered as before.
    if (this.paid.has(grantId)) return { outcome: "granted" };
    if (fate === "rejected") return { outcome: "rejected", reason: "refused" };
    if (fate === "unknown") return { outcome: "unknown", reason: "unreachable" };
    this.paid.add(grantId);
    if (fate === "slow") await this.#sleep(SLOW_GRANT_MS);
    if (fate === "paid-then-unknown") return { outcome: "unknown", reason: "answer lost" };
    return { outcome: "granted" };
  }

  #sleep(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.shard.time.after(milliseconds, resolve);
    return promise;
  }
}

function chosen<T>(values: readonly T[], turn: number): T {
  const value = values[turn % values.length];
  if (value === undefined) throw new Error("A schedule needs at least one value of each list.");
  return value;
}
