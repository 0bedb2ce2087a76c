import * as z from "zod";

import { COUNTING_GOALS, DEFAULT_GOALS, GOALS } from "../fixtures/load-catalog.ts";
import { statusProblem, type Arrival, type Client } from "./client.ts";
import type { Outcome } from "./http-connection.ts";
import type { World } from "./world.ts";

/** One document in so many is parsed and its goals counted: to parse each would cost the CPU that is measured. */
const CHECKED_EVERY = 50;

const DOCUMENT = z.object({ challenges: z.array(z.object({ goals: z.array(z.unknown()) })) });
const PROGRESS = z.object({
  goals: z.array(z.object({ goalId: z.string(), progress: z.number() })),
});

let reads = 0;

/** GET challenges, all goals or the active ones. */
export async function readChallenges(
  client: Client,
  world: World,
  arrival: Arrival,
  player: number,
  isActiveOnly: boolean,
): Promise<void> {
  const keepsBody = reads++ % CHECKED_EVERY === 0;
  const endpoint = isActiveOnly ? "challenges, active only" : "challenges, full";
  const path = isActiveOnly ? "/v1/challenges?active_only=true" : "/v1/challenges";
  const credential = world.tokens[player] ?? "";
  await client.call(arrival, { method: "GET", path, credential, keepsBody }, (outcome) => {
    if (!isActiveOnly) rememberEtag(world, player, outcome);
    const problem =
      statusProblem(outcome, 200) ?? (keepsBody ? goalsProblem(outcome, isActiveOnly) : null);
    return { endpoint, problem };
  });
}

/** A recent reader asks again, with the ETag of the last answer; a player without one asks for the document as a whole. */
export async function readConditionally(
  client: Client,
  world: World,
  arrival: Arrival,
): Promise<void> {
  const player = world.recentReader();
  const etag = world.etags.get(player);
  if (etag === undefined) return readChallenges(client, world, arrival, player, false);
  await client.call(
    arrival,
    {
      method: "GET",
      path: "/v1/challenges",
      credential: world.tokens[player] ?? "",
      headers: `If-None-Match: ${etag}\r\n`,
      keepsBody: false,
    },
    (outcome) => {
      rememberEtag(world, player, outcome);
      const endpoint = outcome.status === 200 ? "challenges, full" : "challenges, not modified";
      return { endpoint, problem: statusProblem(outcome, 200, 304) };
    },
  );
}

/** GET progress; wrong when it lacks an event that was acknowledged before the request was sent. */
export async function readVisibility(
  client: Client,
  world: World,
  arrival: Arrival,
): Promise<void> {
  const player = world.anyPlayer();
  const expected = COUNTING_GOALS.map((_, stat) => world.tally.acknowledgedOf(player, stat));
  const credential = world.tokens[player] ?? "";
  await client.call(
    arrival,
    { method: "GET", path: "/v1/progress", credential, keepsBody: true },
    (outcome) => {
      const problem = statusProblem(outcome, 200) ?? invisible(outcome, expected);
      return { endpoint: "progress", problem };
    },
  );
}

function rememberEtag(world: World, player: number, outcome: Outcome): void {
  if (outcome.status === 200 && outcome.etag !== null) world.rememberEtag(player, outcome.etag);
}

function goalsProblem(outcome: Outcome, isActiveOnly: boolean): string | null {
  const document = parsed(DOCUMENT, outcome);
  if (document === null) return "not the document that was asked for";
  const goals = document.challenges.reduce((sum, challenge) => sum + challenge.goals.length, 0);
  const isRight = isActiveOnly ? goals >= DEFAULT_GOALS && goals < GOALS : goals === GOALS;
  return isRight ? null : `${goals} goals in the document`;
}

function invisible(outcome: Outcome, expected: readonly number[]): string | null {
  const progress = parsed(PROGRESS, outcome);
  if (progress === null) return "not the progress that was asked for";
  const shown = new Map(progress.goals.map((goal) => [goal.goalId, goal.progress]));
  const isComplete = COUNTING_GOALS.every(
    ({ goalId }, stat) => (shown.get(goalId) ?? 0) >= (expected[stat] ?? 0),
  );
  return isComplete ? null : "an acknowledged event is not visible";
}

/** The body as that shape; null when it is another. */
export function parsed<T>(shape: z.ZodType<T>, outcome: Outcome): T | null {
  if (outcome.status === 0) return null;
  try {
    return shape.safeParse(JSON.parse(outcome.body)).data ?? null;
  } catch {
    return null;
  }
}
