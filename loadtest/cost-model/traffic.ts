import { GROUP_WAIT_MS } from "../../src/shard/limits.ts";

/** Events as a deployment receives them, the same in every second. */
export interface Traffic {
  readonly eventsPerSecond: number;
  /** In one POST /v1/events. */
  readonly eventsPerRequest: number;
  /** Distinct players among them; as many as there are events, or one match. */
  readonly playersPerRequest: number;
  /**
   * How many events a player has who has any in a second: these change the same rows, which are flushed once. At least as
   * many as one request has of a player.
   */
  readonly eventsPerPlayerAndSecond: number;
  readonly shards: number;
}

/** How traffic arrives at the shards. */
export interface Arrivals {
  readonly requestsPerSecond: number;
  /** Calls that one request is split into: one for each shard that has a player of it. */
  readonly callsPerRequest: number;
  readonly callsPerShardAndSecond: number;
  readonly eventsPerShardAndSecond: number;
  /** Groups that the calls of a shard are journaled in. */
  readonly groupsPerShardAndSecond: number;
  /** Alarms of a shard. */
  readonly passesPerShardAndSecond: number;
  /** Distinct players with an event in a second. */
  readonly playersPerSecond: number;
}

/** SHARD_COUNT in wrangler.toml. */
export const SHIPPED_SHARDS = 8;

/** Seconds between a first operation and its flush: FLUSH_INTERVAL_MS as it is shipped. */
const FLUSH_INTERVAL_SECONDS = 1;

/** Spreads traffic over shards. Calls arrive at random; nobody aims at a shard, for nobody outside knows which one has whom. */
export function arrivalsOf(traffic: Traffic): Arrivals {
  const { eventsPerSecond, eventsPerRequest, shards } = traffic;
  const requestsPerSecond = eventsPerSecond / eventsPerRequest;
  const players = Math.min(traffic.playersPerRequest, eventsPerRequest);
  const callsPerRequest = shards * (1 - (1 - 1 / shards) ** players);
  const callsPerShardAndSecond = (requestsPerSecond * callsPerRequest) / shards;
  return {
    requestsPerSecond,
    callsPerRequest,
    callsPerShardAndSecond,
    eventsPerShardAndSecond: eventsPerSecond / shards,
    groupsPerShardAndSecond: gathered(callsPerShardAndSecond, GROUP_WAIT_MS / 1000),
    passesPerShardAndSecond: gathered(callsPerShardAndSecond, FLUSH_INTERVAL_SECONDS),
    playersPerSecond:
      eventsPerSecond / Math.max(traffic.eventsPerPlayerAndSecond, eventsPerRequest / players),
  };
}

/** How often something starts that the first of random arrivals opens and that stays open for a while. */
function gathered(arrivalsPerSecond: number, openSeconds: number): number {
  return 1 / (1 / arrivalsPerSecond + openSeconds);
}
