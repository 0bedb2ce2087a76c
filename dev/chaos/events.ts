import * as z from "zod";

import type { RandomStream } from "../faults/random.ts";
import { StackProblem } from "../stack-problem.ts";
import type { CrewOptions } from "./crew.ts";
import type { ChaosEvent } from "./expected-player.ts";
import type { ChaosStat } from "./goals.ts";
import type { ChaosPlayer } from "./players.ts";

/** An event and whose it is. */
export interface PlayersEvent {
  readonly player: ChaosPlayer;
  readonly event: ChaosEvent;
}

const RESULTS = z.object({
  results: z.array(
    z.object({
      index: z.number(),
      status: z.enum(["accepted", "duplicate", "ignored", "rejected"]),
      detail: z.string().nullable(),
      retryable: z.boolean(),
    }),
  ),
});

const STATS: readonly ChaosStat[] = ["wins", "wins", "score", "coins", "coins", "login"];

/** A new event of the player, or one of its newest ones once more. */
export function makeEvent(player: ChaosPlayer, random: RandomStream): ChaosEvent {
  const recent = player.recent.at(-random.integer(1, 20));
  if (recent !== undefined && random.next() < 0.1) return recent;
  const stat = random.pick(STATS);
  const event = { id: `event-${++player.events}`, stat, ...valueOf(stat, player, random) };
  player.recent.push(event);
  return event;
}

/** Sends events until each is taken, in this order, and notes them as acknowledged. */
export async function sendEvents(
  { client, serverKey, findings }: CrewOptions,
  events: readonly PlayersEvent[],
): Promise<void> {
  for (let left = events; left.length > 0;) {
    const [single] = left;
    const answer = await client.insist({
      method: "POST",
      path: "/v1/events?results=all",
      credential: serverKey,
      body: left.length === 1 && single ? toBody(single) : { events: left.map(toBody) },
    });
    if (answer.status !== 202) {
      throw new StackProblem(`Events were answered ${JSON.stringify(answer)}.`);
    }
    const again: PlayersEvent[] = [];
    for (const { index, status, detail, retryable } of RESULTS.parse(answer.body).results) {
      const sent = left[index];
      if (sent === undefined) throw new StackProblem(`There was no event ${index}.`);
      const { player, event } = sent;
      const name = `${event.id} of ${player.userId}`;
      if (status === "rejected" && retryable) again.push(sent);
      else if (status === "accepted" || status === "duplicate") {
        const isKnown = player.expected.has(event.id);
        if (isKnown && status === "accepted") findings.twice(name);
        if (!isKnown) findings.acknowledged++;
        if (status === "duplicate") findings.duplicates++;
        player.expected.event(event);
      } else findings.surprise(`${name} was ${status}: ${detail}`);
    }
    left = again;
  }
}

function valueOf(stat: ChaosStat, player: ChaosPlayer, random: RandomStream) {
  if (stat === "login") return {};
  if (stat === "wins") return { inc: 1 };
  if (stat === "coins") return { inc: random.integer(1, 9) };
  player.score += random.integer(0, 20);
  return { latestValue: player.score };
}

function toBody({ player, event: { id, stat, ...value } }: PlayersEvent) {
  const { userId } = player;
  if (stat === "login") return { id, userId, type: "login" };
  return { id, userId, type: "statistic", statCode: stat, ...value };
}
