import { CLAIM_TARGETS, OPTIONAL_GOALS } from "../fixtures/load-catalog.ts";
import { LOGIN, LOGIN_SHARE, STAT_CODES } from "../fixtures/stats.ts";
import type { NumberedStream } from "./streams.ts";

/** An event, in full determined by its arrival's number: whoever repeats the arithmetic knows its effect. */
export interface AssignedEvent {
  readonly id: string;
  readonly player: number;
  readonly stat: number;
  /** The statistic's latest value; it rises with the number. */
  readonly value: number;
}

/** A goal that events complete, by the numbers of player and stat. */
export interface AssignedClaim {
  readonly player: number;
  readonly stat: number;
}

/** An optional goal that is switched on or off. */
export interface AssignedSwitch {
  readonly player: number;
  readonly goal: number;
  readonly isActive: boolean;
}

/** What tells the draws of one arrival apart. */
const DRAW = { player: 1, kind: 2, stat: 3, goal: 4 } as const;

/** Events that a session posts: a login, and three of statistics. */
const SESSION_STATS = [LOGIN, 2, 1, 2] as const;

/** Any of the players, spread evenly. */
export function anyPlayer(number: number, players: number): number {
  return drawn(number, DRAW.player) % players;
}

/** The events that an arrival posts, whatever else it does. */
export function eventsOf(
  { stream: { action, batch = 1 }, firstNumber }: NumberedStream,
  iteration: number,
  players: number,
): AssignedEvent[] {
  const number = firstNumber + iteration;
  const round = Math.floor(number / players);
  switch (action) {
    case "events":
      return Array.from({ length: batch }, (_, index) =>
        anyEvent("e", firstNumber + iteration * batch + index, players),
      );
    case "visibility":
      return [anyEvent("v", number, players)];
    case "claim": {
      const claim = claimOf(number, players);
      const count = claim === null ? 0 : (CLAIM_TARGETS[claim.stat] ?? 0);
      return Array.from({ length: count }, (_, index) => ({
        id: `c${number}-${index}`,
        player: number % players,
        stat: round,
        value: 1 + index,
      }));
    }
    case "session":
      return SESSION_STATS.map((stat, index) => ({
        id: `s${number}-${index}`,
        player: number % players,
        stat,
        value: 1 + round * SESSION_STATS.length + index,
      }));
    case "initialize-next":
    case "initialize":
    case "challenges":
    case "challenges-active":
    case "challenges-conditional":
    case "set-active":
      return [];
  }
}

/** The goal that a claim of that number is for: each player's first, then each player's second; null when all are given out. */
export function claimOf(number: number, players: number): AssignedClaim | null {
  const stat = Math.floor(number / players);
  return stat < STAT_CODES.length ? { player: number % players, stat } : null;
}

/** The goals that a session's events complete; none when the player's earlier session has claimed them. */
export function claimsOfSession(number: number, players: number): AssignedClaim[] {
  if (number >= players) return [];
  return [LOGIN, 2].map((stat) => ({ player: number, stat }));
}

/** Every player switches one goal on; when all have, every player switches that goal off again, and so on with another. */
export function switchOf(number: number, players: number): AssignedSwitch {
  const round = Math.floor(number / players);
  const player = number % players;
  const pair = Math.floor(round / 2) * players + player;
  return {
    player,
    goal: drawn(pair, DRAW.goal) % OPTIONAL_GOALS,
    isActive: round % 2 === 0,
  };
}

function anyEvent(prefix: string, number: number, players: number): AssignedEvent {
  const isLogin = drawn(number, DRAW.kind) / 2 ** 32 < LOGIN_SHARE;
  return {
    id: `${prefix}${number}`,
    player: anyPlayer(number, players),
    stat: isLogin ? LOGIN : 1 + (drawn(number, DRAW.stat) % (STAT_CODES.length - 1)),
    value: 1 + Math.floor(number / players),
  };
}

/** A number from 0 to 2^32 - 1 that looks random and is the same each time: the finish of MurmurHash3. */
function drawn(number: number, draw: number): number {
  let mixed = number ^ Math.imul(draw, 0x9e3779b9);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
