import { setTimeout as sleep } from "node:timers/promises";

import * as z from "zod";

import { LOGIN, LOGIN_SHARE, STAT_CODES } from "../fixtures/stats.ts";
import { statusProblem, type Arrival, type Client } from "./client.ts";
import type { Outcome } from "./http-connection.ts";
import { parsed } from "./read-actions.ts";
import type { Completed } from "./tally.ts";
import type { World } from "./world.ts";

const ANSWER = z.object({
  accepted: z.number(),
  duplicates: z.number(),
  ignored: z.number(),
  rejected: z.number(),
  results: z.array(z.object({ index: z.number(), status: z.string(), code: z.string().nullish() })),
});
type EventsAnswer = z.infer<typeof ANSWER>;

/** A request without a clear answer is sent again with the same ids, as a game server would. */
const RESENDS_MAX = 5;
const RESEND_PAUSE_MS = 500;

interface Event {
  readonly player: number;
  readonly stat: number;
}

/** Counts requests that were sent again. */
export interface Resends {
  count: number;
}

/** Posts `batch` events of any players, or of the one named; tells which goals they have completed. */
export async function postEvents(
  context: { client: Client; world: World; serverKey: () => string; resends: Resends },
  arrival: Arrival,
  batch: number,
  only?: Event,
): Promise<Completed[]> {
  const { client, world, serverKey, resends } = context;
  const events = Array.from({ length: batch }, () => only ?? anyEvent(world));
  const texts = events.map((event) => eventText(world, event));
  const body = batch === 1 ? (texts[0] ?? "") : `{"events":[${texts.join(",")}]}`;
  const endpoint = batch === 1 ? "event" : `events, ${batch} at once`;
  let dueAtMs = arrival.dueAtMs;
  for (let resend = 0; ; resend += 1) {
    const call = {
      method: "POST",
      path: "/v1/events",
      credential: serverKey(),
      body,
      keepsBody: true,
    } as const;
    let answer: EventsAnswer | null = null;
    await client.call({ ...arrival, dueAtMs }, call, (outcome) => {
      answer = outcome.status === 202 ? parsed(ANSWER, outcome) : null;
      const problem = eventsProblem(outcome, answer);
      const taken = answer === null ? 0 : answer.accepted + answer.duplicates;
      return { endpoint, problem, events: taken };
    });
    if (isComplete(answer) || resend === RESENDS_MAX) return settle(world, events, answer);
    resends.count += 1;
    await sleep(RESEND_PAUSE_MS);
    dueAtMs = performance.now();
  }
}

function anyEvent(world: World): Event {
  const player = world.anyPlayer();
  if (Math.random() < LOGIN_SHARE) return { player, stat: LOGIN };
  return { player, stat: 1 + Math.floor(Math.random() * (STAT_CODES.length - 1)) };
}

function eventText(world: World, { player, stat }: Event): string {
  const head = `{"id":"${world.nextEventId()}","userId":"${world.userIds[player]}","statCode":"${STAT_CODES[stat]}"`;
  if (stat === LOGIN) return `${head},"type":"login"}`;
  return `${head},"type":"statistic","latestValue":${world.nextValue(player)},"inc":1}`;
}

function isComplete(answer: EventsAnswer | null): boolean {
  return answer !== null && answer.rejected === 0;
}

function eventsProblem(outcome: Outcome, answer: EventsAnswer | null): string | null {
  const problem = statusProblem(outcome, 202);
  if (problem !== null) return problem;
  if (answer === null) return "not the answer of POST events";
  if (answer.rejected > 0) return `rejected: ${answer.results[0]?.code ?? "without a code"}`;
  return answer.ignored > 0 ? "an event was ignored" : null;
}

/** Enters into the books what is acknowledged now, and what stays unknown. */
function settle(world: World, events: readonly Event[], answer: EventsAnswer | null): Completed[] {
  const notTaken = new Set(
    answer === null
      ? events.keys()
      : answer.results.filter(({ status }) => status === "rejected").map(({ index }) => index),
  );
  return events.flatMap(({ player, stat }, index) => {
    if (notTaken.has(index)) {
      world.tally.leaveUnknown(player, stat);
      return [];
    }
    return world.tally.acknowledge(player, stat) ?? [];
  });
}
