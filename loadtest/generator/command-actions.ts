import * as z from "zod";

import {
  CLAIMED_GOALS,
  DEFAULT_GOALS,
  OPTIONAL_GOALS,
  optionalGoal,
} from "../fixtures/load-catalog.ts";
import { statusProblem, type Arrival, type Client } from "./client.ts";
import type { Outcome } from "./http-connection.ts";
import { parsed } from "./read-actions.ts";
import type { Completed } from "./tally.ts";
import type { World } from "./world.ts";

const INITIALIZED = z.object({ assignedGoals: z.array(z.unknown()), newAssignments: z.number() });
const SWITCHED = z.object({ isActive: z.boolean() });

/** POST initialize; the first of a player has to create the rows of all default goals. */
export async function initialize(
  client: Client,
  world: World,
  arrival: Arrival,
  player: number,
): Promise<void> {
  const isNew = world.isNew(player);
  const endpoint = isNew ? "initialise, new player" : "initialise, returning";
  const path = "/v1/challenges/initialize";
  const credential = world.tokens[player] ?? "";
  await client.call(arrival, { method: "POST", path, credential, keepsBody: isNew }, (outcome) => {
    const problem = statusProblem(outcome, 200) ?? (isNew ? assignmentProblem(outcome) : null);
    return { endpoint, problem };
  });
}

/** PUT active: switches the goal off that the player switched on last, or any optional goal on. */
export async function switchGoal(
  client: Client,
  world: World,
  arrival: Arrival,
  player: number,
): Promise<void> {
  world.switching.add(player);
  const switchedOn = world.switchedOn.get(player);
  const index = switchedOn ?? Math.floor(Math.random() * OPTIONAL_GOALS);
  const isActive = switchedOn === undefined;
  const { challengeId, goalId } = optionalGoal(index);
  const call = {
    method: "PUT",
    path: `/v1/challenges/${challengeId}/goals/${goalId}/active`,
    credential: world.tokens[player] ?? "",
    body: `{"isActive":${isActive}}`,
    keepsBody: true,
  } as const;
  const outcome = await client.call(arrival, call, (answer) => {
    const isDone = parsed(SWITCHED, answer)?.isActive === isActive;
    const problem = statusProblem(answer, 200) ?? (isDone ? null : "the goal was not switched");
    return { endpoint: "set active", problem };
  });
  world.switching.delete(player);
  if (outcome.status !== 200) {
    world.tally.forgetActivation(player, index);
    return;
  }
  world.tally.activate(player, index, isActive);
  if (isActive) world.switchedOn.set(player, index);
  else world.switchedOn.delete(player);
}

/** POST claim of a goal that acknowledged events have completed. */
export async function claimGoal(
  client: Client,
  world: World,
  arrival: Arrival,
  completed: Completed,
): Promise<void> {
  const { player, stat } = completed;
  const goal = CLAIMED_GOALS[stat];
  if (goal === undefined) return;
  const call = {
    method: "POST",
    path: `/v1/challenges/${goal.challengeId}/goals/${goal.goalId}/claim`,
    credential: world.tokens[player] ?? "",
    keepsBody: true,
  } as const;
  const outcome = await client.call(arrival, call, (answer) => ({
    endpoint: "claim",
    problem: statusProblem(answer, 200, 202),
  }));
  // 4xx: it was refused, so nothing may be paid. Anything else but 200 may still be.
  if (outcome.status === 200) world.tally.claim(completed, true);
  else if (outcome.status < 400 || outcome.status >= 500) world.tally.claim(completed, false);
}

function assignmentProblem(outcome: Outcome): string | null {
  const body = parsed(INITIALIZED, outcome);
  if (body === null) return "not the answer of initialize";
  const isComplete = body.assignedGoals.length >= DEFAULT_GOALS;
  return isComplete ? null : `${body.assignedGoals.length} goals assigned`;
}
