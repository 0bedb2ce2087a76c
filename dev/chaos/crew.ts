import { setTimeout as sleep } from "node:timers/promises";

import type { RandomStream } from "../faults/random.ts";
import type { ChaosClient } from "./chaos-client.ts";
import { claimSomething } from "./claims.ts";
import { readAndCheck, switchSomething } from "./commands.ts";
import { makeEvent, sendEvents, type PlayersEvent } from "./events.ts";
import type { Findings } from "./findings.ts";
import type { ChaosPlayer } from "./players.ts";

/** What a crew works with. */
export interface CrewOptions {
  /** Nobody else's: a crew does one thing after the other, so that it always knows what must be there. */
  readonly players: readonly ChaosPlayer[];
  readonly client: ChaosClient;
  readonly serverKey: string;
  readonly random: RandomStream;
  readonly findings: Findings;
}

/** Events of one batch; a game server's frame. */
const BATCH_EVENTS_MAX = 30;
/** Between two things: many crews together make load enough, and leave the machine some air. */
const PAUSE_MS_MAX = 50;

/**
 * Plays until it is told to stop: events single and batched, some of them twice, switches, claims, reads.
 *
 * What was begun is brought to its end: a request without an answer is sent again under the same id. Throws StackProblem when
 * the stack stays away.
 */
export async function playCrew(options: CrewOptions, over: AbortSignal): Promise<void> {
  const { players, random } = options;
  while (!over.aborted) {
    const draw = random.next();
    const player = random.pick(players);
    if (draw < 0.35) await sendBatch(options);
    else if (draw < 0.55) await sendOne(options, player);
    else if (draw < 0.62) await switchSomething(options, player);
    else if (draw < 0.78) await claimSomething(options, player);
    else await readAndCheck(options, player);
    await sleep(random.integer(0, PAUSE_MS_MAX));
  }
}

/** Events for several players, then a look at one who got some. */
async function sendBatch(options: CrewOptions): Promise<void> {
  const { players, random } = options;
  const events: PlayersEvent[] = [];
  const count = random.integer(2, BATCH_EVENTS_MAX);
  for (let index = 0; index < count; index++) {
    const player = random.pick(players);
    events.push({ player, event: makeEvent(player, random) });
    // A game server that lost an answer sends everything again, also within one batch.
    if (random.next() < 0.15) events.push(random.pick(events));
  }
  await sendEvents(options, events);
  await readAndCheck(options, random.pick(events).player);
}

async function sendOne(options: CrewOptions, player: ChaosPlayer): Promise<void> {
  const { random } = options;
  const event = makeEvent(player, random);
  await sendEvents(options, [{ player, event }]);
  if (random.next() < 0.2) await sendEvents(options, [{ player, event }]);
  if (random.next() < 0.3) await readAndCheck(options, player);
}
