import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import * as z from "zod";

import type { CrewOptions } from "./crew.ts";
import { goalPath } from "./goals.ts";
import type { ChaosPlayer } from "./players.ts";

/** How a claim was answered. */
type ClaimAnswer = "paid" | "pending" | "paid before" | "refused" | "surprise";

const GRANT = z.object({ grantId: z.string(), code: z.string().optional() });
const PLAYER = z.object({
  grants: z.array(z.object({ grantId: z.string(), goalId: z.string(), state: z.string() })),
});

/** Between two looks at a claim that is pending; the shard asks the reward service ever less often meanwhile. */
const PENDING_PAUSE_MS = 250;
/** Every so many looks an operator is asked whether the grant was parked: nothing more comes of it by itself then. */
const LOOKS_PER_QUESTION = 8;

/**
 * Claims something that is completed, if there is, until it is paid, refused or parked; and now and then once more: the
 * second time must not be paid.
 */
export async function claimSomething(options: CrewOptions, player: ChaosPlayer): Promise<void> {
  const { findings, random } = options;
  const goalId = player.expected.claimable.find((claimable) => !player.parked.has(claimable));
  if (goalId === undefined) return;
  const answer = await claimUntilSettled(options, player, goalId);
  if (answer === "refused") findings.refusals++;
  if (answer !== "paid" && answer !== "paid before") return;
  findings.claims++;
  player.expected.claimed(goalId);
  if (random.next() > 0.4) return;
  if ((await claim(options, player, goalId)) === "paid") {
    findings.doubleGrant(`${goalId} of ${player.userId} was paid twice`);
  }
}

/** Null: the grant was parked, and once more after an operator had it asked for again. */
async function claimUntilSettled(
  options: CrewOptions,
  player: ChaosPlayer,
  goalId: string,
): Promise<ClaimAnswer | null> {
  let isRepaired = false;
  for (let looks = 1; ; looks++) {
    // "Pending" is asked again under another key: the first one is answered as it was.
    const answer = await claim(options, player, goalId);
    if (answer !== "pending") return answer;
    await sleep(PENDING_PAUSE_MS);
    if (looks % LOOKS_PER_QUESTION !== 0) continue;
    const parked = await parkedGrant(options, player, goalId);
    if (parked === null) continue;
    if (isRepaired) break;
    isRepaired = await retry(options, parked);
  }
  player.parked.add(goalId);
  options.findings.parked++;
  return null;
}

async function claim(
  { client, findings }: CrewOptions,
  player: ChaosPlayer,
  goalId: string,
): Promise<ClaimAnswer> {
  const answer = await client.insist({
    method: "POST",
    path: goalPath(goalId, "claim"),
    credential: player.token,
    headers: { "Idempotency-Key": randomUUID() },
  });
  const grant = GRANT.safeParse(answer.body).data;
  const told = grant === undefined ? "surprise" : meaningOf(answer.status, grant.code);
  if (grant === undefined || told === "surprise") {
    findings.surprise(`the claim of ${goalId} of ${player.userId} got ${JSON.stringify(answer)}`);
    return "surprise";
  }
  const known = player.grantIds.get(goalId) ?? new Set();
  player.grantIds.set(goalId, known.add(grant.grantId));
  if (known.size > 1) findings.doubleGrant(`${goalId} of ${player.userId} under ${known.size} ids`);
  return told;
}

function meaningOf(status: number, code: string | undefined): ClaimAnswer {
  if (status === 200) return "paid";
  if (status === 202 || code === "CLAIM_IN_PROGRESS") return "pending";
  if (code === "ALREADY_CLAIMED") return "paid before";
  return code === "REWARD_REJECTED" ? "refused" : "surprise";
}

/** The id of the goal's grant, if it is parked in the ledger in Postgres; who is not answered does not know. */
async function parkedGrant(
  { client, serverKey }: CrewOptions,
  { userId }: ChaosPlayer,
  goalId: string,
): Promise<string | null> {
  const path = `/v1/admin/players/${userId}`;
  const answer = await client.ask({ method: "GET", path, credential: serverKey });
  const grants = PLAYER.safeParse(answer?.body).data?.grants ?? [];
  const parked = grants.find((grant) => grant.goalId === goalId && grant.state === "parked");
  return parked?.grantId ?? null;
}

/** As an operator would. False: it was not taken, or nobody knows. */
async function retry({ client, serverKey, findings }: CrewOptions, grantId: string) {
  const path = `/v1/admin/grants/${grantId}/retry`;
  const answer = await client.ask({ method: "POST", path, credential: serverKey });
  if (answer?.status === 200) findings.repaired++;
  return answer?.status === 200;
}
