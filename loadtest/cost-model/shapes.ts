import type { Traffic } from "./traffic.ts";

/** How a game's servers send, as the tables have it. */
export interface Shape extends Pick<Traffic, "eventsPerRequest" | "playersPerRequest"> {
  readonly name: string;
}

/** Players of one match: who is in one request when a game server sends what happened in it. */
const MATCH = 10;

/** Single posts, batches of a match, and batches in which every event is another player's: the worst for shards. */
export const SHAPES: readonly Shape[] = [
  { name: "single", eventsPerRequest: 1, playersPerRequest: 1 },
  { name: "20, one match", eventsPerRequest: 20, playersPerRequest: MATCH },
  { name: "100, one match", eventsPerRequest: 100, playersPerRequest: MATCH },
  { name: "500, one match", eventsPerRequest: 500, playersPerRequest: MATCH },
  { name: "20, all different", eventsPerRequest: 20, playersPerRequest: 20 },
  { name: "100, all different", eventsPerRequest: 100, playersPerRequest: 100 },
  { name: "500, all different", eventsPerRequest: 500, playersPerRequest: 500 },
];

/** Shard counts of the bill. */
export const SHARD_COUNTS = [1, 8, 32, 128] as const;
/** Events per second of the bill; what it says per event falls with more. */
export const BILL_EVENTS_PER_SECOND = 1_000;
/** Events per second of the table of limits. */
export const RATES = [1_000, 10_000, 100_000, 1_000_000] as const;
/** Events of a player within a second: one, as of a quest's steps, or a shooter's many. */
export const EVENTS_PER_PLAYER = [1, 5, 20] as const;
