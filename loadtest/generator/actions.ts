import { setTimeout as sleep } from "node:timers/promises";

import { LOGIN } from "../fixtures/stats.ts";
import type { Stream } from "../scenarios/scenario.ts";
import type { Arrival, Client } from "./client.ts";
import { claimGoal, initialize, switchGoal } from "./command-actions.ts";
import { postEvents, type Resends } from "./event-actions.ts";
import { readChallenges, readConditionally, readVisibility } from "./read-actions.ts";
import type { World } from "./world.ts";

/** Everything that actions work with. */
export interface ActionContext {
  readonly client: Client;
  readonly world: World;
  readonly serverKey: () => string;
  readonly resends: Resends;
  /** Counts an arrival that had nothing to do. */
  readonly skip: (action: string) => void;
}

/** A person looks before the next tap. */
const THINK_MS_MIN = 200;
const THINK_MS_MAX = 1_500;
const EVENTS_PER_SESSION = 4;

/** Does what an arrival of the stream stands for; settles when it is answered. */
export async function act(context: ActionContext, stream: Stream, arrival: Arrival): Promise<void> {
  const { client, world } = context;
  switch (stream.action) {
    case "initialize-next":
      return initialize(client, world, arrival, world.nextPlayer());
    case "initialize":
      return initialize(client, world, arrival, world.anyPlayer());
    case "challenges":
      return readChallenges(client, world, arrival, world.anyPlayer(), false);
    case "challenges-active":
      return readChallenges(client, world, arrival, world.anyPlayer(), true);
    case "challenges-conditional":
      return readConditionally(client, world, arrival);
    case "visibility":
      return readVisibility(client, world, arrival);
    case "set-active":
      return switchAnyGoal(context, arrival);
    case "claim":
      return claimOldest(context, arrival);
    case "events":
      world.claimable.push(...(await postEvents(context, arrival, stream.batch ?? 1)));
      return;
    case "session":
      return playSession(context, arrival);
  }
}

async function switchAnyGoal(
  { client, world, skip }: ActionContext,
  arrival: Arrival,
): Promise<void> {
  const player = world.anyPlayer();
  if (world.switching.has(player)) return skip("set active while another one was under way");
  return switchGoal(client, world, arrival, player);
}

async function claimOldest(
  { client, world, skip }: ActionContext,
  arrival: Arrival,
): Promise<void> {
  const completed = world.claimable.shift();
  if (completed === undefined) return skip("claim while no goal was completed");
  return claimGoal(client, world, arrival, completed);
}

/** One player's evening: initialise, browse, select, play, look, claim. */
async function playSession(context: ActionContext, arrival: Arrival): Promise<void> {
  const { client, world } = context;
  const player = world.nextPlayer();
  await initialize(client, world, arrival, player);
  await readChallenges(client, world, await afterThinking(arrival), player, false);
  if (!world.switching.has(player)) {
    await switchGoal(client, world, await afterThinking(arrival), player);
  }
  const completed = [];
  for (let event = 0; event < EVENTS_PER_SESSION; event += 1) {
    const stat = event === 0 ? LOGIN : 1 + (event % 2);
    const next = await afterThinking(arrival);
    completed.push(...(await postEvents(context, next, 1, { player, stat })));
  }
  await readChallenges(client, world, await afterThinking(arrival), player, true);
  for (const goal of completed) {
    await claimGoal(client, world, await afterThinking(arrival), goal);
  }
}

async function afterThinking(arrival: Arrival): Promise<Arrival> {
  await sleep(THINK_MS_MIN + Math.random() * (THINK_MS_MAX - THINK_MS_MIN));
  return { ...arrival, dueAtMs: performance.now() };
}
