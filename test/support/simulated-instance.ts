import type { GrantOutcome, GrantRequest } from "../../src/core/ports.ts";
import type { ShardStore } from "../../src/core/shard-store.ts";
import type { ShardPorts } from "../../src/shard/ports.ts";
import { playerName } from "../../src/shard/resident.ts";
import { positionFloorOf } from "../../src/shard/routing.ts";
import type { SimulatedTime } from "./simulated-time.ts";

/** What an instance shares with the ones before and after it. */
export interface InstanceSurroundings {
  readonly shard: string;
  readonly store: ShardStore;
  readonly time: SimulatedTime;
  readonly clockOffsetMs: number;
  readonly granted: GrantRequest[];
  readonly grant: (request: GrantRequest) => Promise<GrantOutcome>;
}

/**
 * One life of a simulated shard: what it asks for while it is alive reaches the world, and the answers reach it.
 *
 * Once killed, nothing does: no timer runs, no statement is sent, no answer comes.
 */
export class SimulatedInstance {
  readonly name: string;
  #isAlive = true;
  readonly #loaded = new Set<string>();
  /** Players that were loaded again: they had been evicted. */
  evictions = 0;

  constructor(name: string) {
    this.name = name;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  kill(): void {
    this.#isAlive = false;
  }

  ports(around: InstanceSurroundings) {
    return {
      instance: this.name,
      positionFloor: positionFloorOf(around.shard),
      store: this.#guarded(around.store),
      granter: {
        grant: (request) =>
          this.#whileAlive(() => {
            around.granted.push(request);
            return around.grant(request);
          }),
      },
      clock: { now: () => around.time.now() + around.clockOffsetMs },
      realClock: { now: () => around.time.now() },
      after: (milliseconds, action) =>
        around.time.after(milliseconds, () => {
          if (this.#isAlive) action();
        }),
    } satisfies Partial<ShardPorts>;
  }

  #guarded(store: ShardStore): ShardStore {
    return {
      readFence: (shard) => this.#whileAlive(() => store.readFence(shard)),
      createFence: (...values) => this.#whileAlive(() => store.createFence(...values)),
      highestApplied: (shard) => this.#whileAlive(() => store.highestApplied(shard)),
      claimFence: (...values) => this.#whileAlive(() => store.claimFence(...values)),
      flush: (attempt) => this.#whileAlive(() => store.flush(attempt)),
      isGranted: (grantId) => this.#whileAlive(() => store.isGranted(grantId)),
      playersWithPendingGrants: (shard) =>
        this.#whileAlive(() => store.playersWithPendingGrants(shard)),
      load: async (shard, players) => {
        const answer = await this.#whileAlive(() => store.load(shard, players));
        for (const name of players.map(playerName)) {
          if (this.#loaded.has(name)) this.evictions++;
          this.#loaded.add(name);
        }
        return answer;
      },
    };
  }

  async #whileAlive<T>(call: () => Promise<T>): Promise<T> {
    if (!this.#isAlive) return never();
    try {
      const answer = await call();
      return this.#isAlive ? answer : await never();
    } catch (error) {
      if (this.#isAlive) throw error;
      return never();
    }
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
