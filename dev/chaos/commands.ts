import { randomUUID } from "node:crypto";

import type { CrewOptions } from "./crew.ts";
import { CHAOS_GOALS, goalPath } from "./goals.ts";
import { differences, shownGoals } from "./player-progress.ts";
import type { ChaosPlayer } from "./players.ts";

const SWITCHED = CHAOS_GOALS.filter(({ isDefault }) => !isDefault).map(({ goalId }) => goalId);

/** Reads the player: everything acknowledged has to be there. Somebody who is not answered saw nothing stale. */
export async function readAndCheck(
  { client, findings, random }: CrewOptions,
  player: ChaosPlayer,
): Promise<void> {
  const { tag, token, expected, userId } = player;
  const isConditional = tag !== null && random.next() < 0.5;
  const answer = await client.ask({
    method: "GET",
    path: "/v1/progress",
    credential: token,
    headers: isConditional ? { "If-None-Match": tag.etag } : {},
  });
  if (answer === null) return;
  findings.reads++;
  const due = JSON.stringify(
    [...expected.goals.values()].map(({ progress, status, isActive }) => [
      progress,
      status,
      isActive,
    ]),
  );
  if (answer.status === 304 && isConditional) {
    if (tag.due !== due) findings.stale(`${userId}: "not modified", though it was`);
    return;
  }
  if (answer.status !== 200) return findings.surprise(`a read got ${JSON.stringify(answer)}`);
  const wrong = differences(expected, shownGoals(answer.body));
  if (wrong.length > 0) findings.stale(`${userId}: ${wrong.join("; ")}`);
  player.tag = answer.etag === null ? null : { etag: answer.etag, due };
}

/** Switches one of the goals that can be switched. */
export async function switchSomething(
  { client, findings, random }: CrewOptions,
  player: ChaosPlayer,
): Promise<void> {
  const goalId = random.pick(SWITCHED);
  const isActive = random.next() < 0.6;
  const answer = await client.insist({
    method: "PUT",
    path: goalPath(goalId, "active"),
    credential: player.token,
    headers: { "Idempotency-Key": randomUUID() },
    body: { isActive },
  });
  if (answer.status !== 200) return findings.surprise(`a switch got ${JSON.stringify(answer)}`);
  findings.switches++;
  player.expected.switchTo(goalId, isActive);
}
