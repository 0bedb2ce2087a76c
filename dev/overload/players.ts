import { setTimeout as sleep } from "node:timers/promises";

import { StackProblem } from "../stack-problem.ts";
import type { Stack } from "../stack.ts";
import type { OverloadPlayer } from "./load.ts";
import { ask } from "./overload-client.ts";

const STRANGERS = 500;
/** Loads are batched: players that ask together are read together. */
const AT_ONCE = 50;
const TRIES_MAX = 20;
const RETRY_PAUSE_MS = 500;

/** Players whom no shard has in memory when Postgres goes away. */
export const STRANGE_PLAYERS: readonly OverloadPlayer[] = Array.from(
  { length: STRANGERS },
  (_, index) => ({ userId: `stranger-${index + 1}`, token: null }),
);

/** Players whom their shards have in memory: each has asked for its progress. Throws StackProblem when it is not told. */
export async function loadPlayers(stack: Stack, count: number): Promise<OverloadPlayer[]> {
  const players: OverloadPlayer[] = [];
  while (players.length < count) {
    const names = Array.from(
      { length: AT_ONCE },
      (_, index) => `known-${players.length + index + 1}`,
    );
    players.push(...(await Promise.all(names.map((userId) => loadPlayer(stack, userId)))));
  }
  return players;
}

async function loadPlayer(stack: Stack, userId: string): Promise<OverloadPlayer> {
  const token = await stack.playerToken(userId);
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const answer = await ask(stack.url, { method: "GET", path: "/v1/progress", credential: token });
    if (answer?.status === 200) return { userId, token };
    await sleep(RETRY_PAUSE_MS);
  }
  throw new StackProblem(`Player ${userId} could not be read, though nothing is broken yet.`);
}
