import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import { goalPath } from "../chaos/goals.ts";
import { RandomStream } from "../faults/random.ts";
import { ask, fatesOf, type OverloadRequest } from "./overload-client.ts";
import type { Tally } from "./tally.ts";

/** Somebody whose events are sent; without a token nothing else is asked of him. */
export interface OverloadPlayer {
  readonly userId: string;
  readonly token: string | null;
}

/** An event on its way, or one of which it is not known whether it was taken. */
export interface SentEvent {
  readonly userId: string;
  readonly id: string;
}

/** What the load works with. */
export interface LoadOptions {
  readonly url: string;
  readonly serverKey: string;
  /** In memory by now. */
  readonly known: readonly OverloadPlayer[];
  /** Never seen by the shards: what they send is parked while Postgres is away. */
  readonly strangers: readonly OverloadPlayer[];
  readonly tally: Tally;
  /** Whether Postgres is away at this moment. */
  readonly isAway: () => boolean;
}

/** Requests of each kind at one time. */
const BATCHERS = 4;
const SINGLES = 8;
const READERS = 3;
const COMMANDERS = 2;
/** As many as one request may bring. */
export const BATCH_EVENTS = 500;
/** Before Postgres goes: the journals must not be full already. */
const WARM_UP_BATCH_EVENTS = 50;
/** Of the events, those of strangers. */
const STRANGERS_SHARE = 0.2;
/** After an answer; a refused caller waits a little longer, and shorter than Retry-After tells it to. */
const PAUSE_MS = 10;
const REFUSED_PAUSE_MS = 100;

/**
 * Load until `over`: events in batches and one at a time, reads and commands of players in memory.
 *
 * Answers the events of which it is not known whether they were taken.
 */
export async function overload(options: LoadOptions, over: AbortSignal): Promise<SentEvent[]> {
  const unknown: SentEvent[] = [];
  const repeat = async (
    times: number,
    kind: number,
    act: (random: RandomStream) => Promise<boolean>,
  ) => {
    const loops = Array.from({ length: times }, async (_, index) => {
      const random = new RandomStream(1, kind * 100 + index);
      while (!over.aborted) await sleep((await act(random)) ? PAUSE_MS : REFUSED_PAUSE_MS);
    });
    await Promise.all(loops);
  };
  await Promise.all([
    repeat(BATCHERS, 0, (random) => {
      const count = options.isAway() ? BATCH_EVENTS : WARM_UP_BATCH_EVENTS;
      return sendEvents(options, unknown, random, count);
    }),
    repeat(SINGLES, 1, (random) => sendEvents(options, unknown, random, 1)),
    repeat(READERS, 2, (random) => read(options, random)),
    repeat(COMMANDERS, 3, (random) => switchGoal(options, random)),
  ]);
  return unknown;
}

async function sendEvents(
  options: LoadOptions,
  unknown: SentEvent[],
  random: RandomStream,
  count: number,
): Promise<boolean> {
  const { known, strangers, isAway } = options;
  // Before that they would be loaded, and no strangers any more.
  const share = isAway() ? STRANGERS_SHARE : 0;
  const events = Array.from({ length: count }, () => {
    const { userId } = random.pick(random.next() < share ? strangers : known);
    return { userId, id: randomUUID() };
  });
  const left = await sendOnce(options, events);
  unknown.push(...left.unknown);
  return left.unknown.length + left.refused === 0;
}

/** Sends events once, and notes what was taken; answers what was not. */
export async function sendOnce(
  { url, serverKey, tally, isAway }: LoadOptions,
  events: readonly SentEvent[],
): Promise<{ readonly unknown: readonly SentEvent[]; readonly refused: number }> {
  const items = events.map((event) => {
    return { ...event, type: "statistic", statCode: "wins", inc: 1 };
  });
  const [single] = items;
  const request: OverloadRequest = {
    method: "POST",
    path: "/v1/events?results=all",
    credential: serverKey,
    body: items.length === 1 && single !== undefined ? single : { events: items },
  };
  const answer = await ask(url, request);
  if (answer === null) tally.unanswered++;
  if (answer?.status === 503) tally.refused(`an event request`, answer.retryAfter);
  const fates = fatesOf(answer, events.length);
  for (const [index, { userId }] of events.entries()) {
    if (fates[index] === "taken") tally.taken(userId, isAway());
  }
  const refused = fates.filter((fate) => fate === "refused").length;
  tally.eventsRefused += refused;
  return { unknown: events.filter((_, index) => fates[index] === "unknown"), refused };
}

async function read(
  { url, known, tally, isAway }: LoadOptions,
  random: RandomStream,
): Promise<boolean> {
  const { userId, token } = random.pick(known);
  const wasAway = isAway();
  const request = { method: "GET", path: "/v1/progress", credential: token ?? "" } as const;
  const answer = await ask(url, request);
  if (!wasAway) return answer !== null;
  tally.reads++;
  if (answer?.status === 200) return true;
  tally.readFailed(`a read of ${userId}, who is in memory, got ${JSON.stringify(answer)}`);
  return false;
}

async function switchGoal(
  { url, known, tally }: LoadOptions,
  random: RandomStream,
): Promise<boolean> {
  const { token } = random.pick(known);
  const answer = await ask(url, {
    method: "PUT",
    path: goalPath("wins-while-on", "active"),
    credential: token ?? "",
    body: { isActive: random.next() < 0.5 },
  });
  tally.commands++;
  if (answer === null) tally.unanswered++;
  if (answer?.status === 503) tally.refused("a command", answer.retryAfter);
  else if (answer !== null && answer.status !== 200) {
    tally.surprise(`a command got ${JSON.stringify(answer)}`);
  }
  return answer?.status === 200;
}
