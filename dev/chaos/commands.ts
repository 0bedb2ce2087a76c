import { randomUUID } from "node:crypto";

import * as z from "zod";

import type { CrewOptions } from "./crew.ts";
import { CHAOS_CHALLENGE, CHAOS_GOALS } from "./goals.ts";
import { differences, shownGoals } from "./player-progress.ts";
import type { ChaosPlayer } from "./players.ts";

const SWITCHED = CHAOS_GOALS.filter(({ isDefault }) => !isDefault).map(({ goalId }) => goalId);
const GRANT = z.object({ grantId: z.string(), code: z.string().optional() });

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

/** Claims something that is completed, if there is, and now and then once more: the second time must be refused. */
export async function claimSomething(options: CrewOptions, player: ChaosPlayer): Promise<void> {
  const { findings, random } = options;
  const [goalId] = player.expected.claimable;
  if (goalId === undefined) return;
  // "Pending" is asked again under another key: the first one is answered as it was.
  let status = 202;
  while (status === 202) status = await claim(options, player, goalId);
  if (status === 0) return;
  findings.claims++;
  player.expected.claimed(goalId);
  if (random.next() > 0.4) return;
  if ((await claim(options, player, goalId)) === 200) {
    findings.doubleGrant(`${goalId} of ${player.userId} was paid twice`);
  }
}

/** 200 paid, 202 on its way, 409 paid before, 0 neither. */
async function claim(
  { client, findings }: CrewOptions,
  player: ChaosPlayer,
  goalId: string,
): Promise<number> {
  const answer = await client.insist({
    method: "POST",
    path: goalPath(goalId, "claim"),
    credential: player.token,
    headers: { "Idempotency-Key": randomUUID() },
  });
  const grant = GRANT.safeParse(answer.body);
  const isInProgress = grant.data?.code === "CLAIM_IN_PROGRESS";
  if (![200, 202, 409].includes(answer.status) || grant.data === undefined) {
    findings.surprise(`the claim of ${goalId} of ${player.userId} got ${JSON.stringify(answer)}`);
    return 0;
  }
  const known = player.grantIds.get(goalId) ?? new Set();
  player.grantIds.set(goalId, known.add(grant.data.grantId));
  if (known.size > 1) findings.doubleGrant(`${goalId} of ${player.userId} under ${known.size} ids`);
  return isInProgress ? 202 : answer.status;
}

function goalPath(goalId: string, action: string): string {
  return `/v1/challenges/${CHAOS_CHALLENGE}/goals/${goalId}/${action}`;
}
