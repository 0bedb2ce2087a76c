import type { EventSource } from "../../src/core/catalog.ts";
import { DEMO_BATCH_EVENTS, DEMO_DUPLICATE_EVERY, DEMO_EVENTS, DEMO_SERVERS } from "./limits.ts";

/** What an event moves: the goals with this source and stat code. A login moves every login goal. */
export interface Stat {
  readonly source: EventSource;
  readonly statCode: string;
}

/** A demo player with the stats that its active goals count. */
export interface DemoPlayer {
  readonly userId: string;
  readonly stats: readonly Stat[];
}

/** An event as POST /v1/events takes it. */
export interface DemoEvent {
  readonly id: string;
  readonly userId: string;
  readonly type: EventSource;
  readonly statCode?: string;
  readonly latestValue?: number;
  readonly inc?: number;
}

/** What one game server sends, batch after batch; its players belong to no other. */
export interface ServerPlan {
  readonly batches: readonly (readonly DemoEvent[])[];
}

/** The events of all servers, and how many distinct ones each player gets per stat. */
export interface DemoPlan {
  readonly servers: readonly ServerPlan[];
  /** By `statKey`. */
  readonly distinct: ReadonlyMap<string, number>;
}

/** Names a player's stat. A JSON array: ids may contain any separator. All login goals share one. */
export function statKey(userId: string, { source, statCode }: Stat): string {
  return JSON.stringify([userId, source, source === "login" ? "" : statCode]);
}

/**
 * Plans the events: every statistic grows by one per event, from zero. So after n distinct events the modes absolute,
 * relative and count all show n. Pure.
 */
export function planDemo(players: readonly DemoPlayer[], runId: string): DemoPlan {
  const distinct = new Map<string, number>();
  const servers = Array.from({ length: DEMO_SERVERS }, (_, server) => {
    const own = players.filter((_player, index) => index % DEMO_SERVERS === server);
    const events = eventsOf(own, Math.floor(DEMO_EVENTS / players.length), runId, distinct);
    return { batches: batchesOf(withDuplicates(events)) };
  });
  return { servers, distinct };
}

function eventsOf(
  players: readonly DemoPlayer[],
  perPlayer: number,
  runId: string,
  distinct: Map<string, number>,
): DemoEvent[] {
  const events: DemoEvent[] = [];
  for (let round = 0; round < perPlayer; round++) {
    for (const { userId, stats } of players) {
      const stat = stats[round % stats.length];
      if (stat === undefined) continue;
      const key = statKey(userId, stat);
      const value = (distinct.get(key) ?? 0) + 1;
      distinct.set(key, value);
      events.push(eventOf(`${runId}-${round}`, userId, stat, value));
    }
  }
  return events;
}

function eventOf(id: string, userId: string, stat: Stat, value: number): DemoEvent {
  if (stat.source === "login") return { id, userId, type: "login" };
  return { id, userId, type: "statistic", statCode: stat.statCode, latestValue: value, inc: 1 };
}

/** Puts every so many-th event in again, about a batch later: a game server that lost an answer does that. */
function withDuplicates(events: readonly DemoEvent[]): DemoEvent[] {
  return events.flatMap((event, index) => {
    const earlier = events[index - DEMO_BATCH_EVENTS];
    const isRepeated = index % DEMO_DUPLICATE_EVERY === 0 && earlier !== undefined;
    return isRepeated ? [event, earlier] : [event];
  });
}

function batchesOf(events: readonly DemoEvent[]): DemoEvent[][] {
  const batches: DemoEvent[][] = [];
  for (let start = 0; start < events.length; start += DEMO_BATCH_EVENTS) {
    batches.push(events.slice(start, start + DEMO_BATCH_EVENTS));
  }
  return batches;
}
