import * as z from "zod";

import { StackProblem } from "../stack-problem.ts";
import { inParallel } from "./in-parallel.ts";
import { DEMO_ACTIVE_GOALS_MIN } from "./limits.ts";
import type { PatientClient } from "./patient-client.ts";
import type { DemoPlayer, Stat } from "./plan.ts";

/** A player with a token of its own. */
export interface TokenHolder {
  readonly userId: string;
  readonly token: string;
}

const GOAL = z.object({
  goalId: z.string(),
  eventSource: z.enum(["login", "statistic"]),
  requirement: z.object({ statCode: z.string(), targetValue: z.number() }),
  isActive: z.boolean(),
});
const DOCUMENT = z.object({
  serverTime: z.string(),
  challenges: z.array(
    z.object({ challengeId: z.string(), endsAt: z.string().nullable(), goals: z.array(GOAL) }),
  ),
});

/** Initialises every player, and activates goals for those to whom the catalog gives fewer than a few. */
export async function preparePlayers(
  client: PatientClient,
  players: readonly TokenHolder[],
  onProgress: (done: number) => void,
): Promise<DemoPlayer[]> {
  const prepared: DemoPlayer[] = [];
  await inParallel(players, async (player, index) => {
    prepared[index] = await prepare(client, player);
    onProgress(prepared.filter(Boolean).length);
  });
  return prepared;
}

async function prepare(client: PatientClient, player: TokenHolder): Promise<DemoPlayer> {
  const initialised = await client.send({
    method: "POST",
    path: "/v1/challenges/initialize",
    credential: player.token,
  });
  mustBe(200, initialised, "initialize");
  const answer = await client.send({
    method: "GET",
    path: "/v1/challenges",
    credential: player.token,
  });
  mustBe(200, answer, "challenges");
  const document = DOCUMENT.parse(answer.body);
  const open = document.challenges.filter(
    ({ endsAt }) => endsAt === null || endsAt > document.serverTime,
  );
  const goals = open.flatMap(({ challengeId, goals: all }) =>
    all.map((goal) => ({ challengeId, goal })),
  );
  const active = goals.filter(({ goal }) => goal.isActive);
  const wanted = goals
    .filter(({ goal }) => !goal.isActive)
    .toSorted((a, b) => a.goal.requirement.targetValue - b.goal.requirement.targetValue)
    .slice(0, Math.max(0, DEMO_ACTIVE_GOALS_MIN - active.length));
  for (const { challengeId, goal } of wanted) {
    await activate(client, player, challengeId, goal.goalId);
  }
  return { userId: player.userId, stats: statsOf([...active, ...wanted].map(({ goal }) => goal)) };
}

async function activate(
  client: PatientClient,
  player: TokenHolder,
  challengeId: string,
  goalId: string,
): Promise<void> {
  const [challenge, goal] = [encodeURIComponent(challengeId), encodeURIComponent(goalId)];
  const answer = await client.send({
    method: "PUT",
    path: `/v1/challenges/${challenge}/goals/${goal}/active`,
    credential: player.token,
    body: { isActive: true },
  });
  mustBe(200, answer, `activating ${goalId}`);
}

function statsOf(goals: readonly z.infer<typeof GOAL>[]): Stat[] {
  const stats = new Map<string, Stat>();
  for (const { eventSource: source, requirement } of goals) {
    const statCode = source === "login" ? "" : requirement.statCode;
    stats.set(JSON.stringify([source, statCode]), { source, statCode });
  }
  return [...stats.values()];
}

function mustBe(status: number, answer: { status: number; body: unknown }, what: string): void {
  if (answer.status === status) return;
  throw new StackProblem(
    `${what} was answered ${answer.status}: ${JSON.stringify(answer.body).slice(0, 500)}`,
  );
}
