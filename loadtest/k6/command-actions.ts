import { CLAIMED_GOALS, DEFAULT_GOALS, optionalGoal } from "../fixtures/load-catalog.ts";
import type { AssignedClaim, AssignedSwitch } from "./assignment.ts";
import { sendUntilSettled } from "./resend.ts";
import { run, tokens } from "./settings.ts";
import {
  isUnknown,
  statusProblem,
  textOf,
  writeLine,
  type Answer,
  type Arrival,
  type VirtualUser,
} from "./virtual-user.ts";

/** POST initialize; the first of a player has to create the rows of all default goals. */
export function initialize(
  user: VirtualUser,
  arrival: Arrival,
  player: number,
  isNew: boolean,
): void {
  const call = {
    method: "POST",
    path: "/v1/challenges/initialize",
    credential: tokens[player] ?? "",
    keepsBody: isNew,
    endpoint: isNew ? "initialise, new player" : "initialise, returning",
  } as const;
  user.call(arrival, call, (answer) => ({
    problem: statusProblem(answer, 200) ?? (isNew ? assignmentProblem(answer) : null),
  }));
}

/** PUT active. After a resend its order among the player's switches is not known any more, which the log says. */
export function switchGoal(
  user: VirtualUser,
  arrival: Arrival,
  { player, goal, isActive }: AssignedSwitch,
): void {
  const { challengeId, goalId } = optionalGoal(goal);
  const call = {
    method: "PUT",
    path: `/v1/challenges/${challengeId}/goals/${goalId}/active`,
    credential: tokens[player] ?? "",
    headers: { "Idempotency-Key": `${run.runId}-switch${arrival.number}` },
    body: `{"isActive":${isActive}}`,
    keepsBody: true,
    endpoint: "set active",
  } as const;
  let isDone = false;
  const send = () => {
    const outcome = user.call(arrival, call, (answer) => {
      isDone = answer.status === 200 && textOf(answer).includes(`"isActive":${isActive}`);
      const wrong = isDone ? null : "the goal was not switched";
      return { problem: statusProblem(answer, 200) ?? wrong };
    });
    return !isUnknown(outcome);
  };
  const { resends } = sendUntilSettled(send, () => user.countResend());
  if (!isDone || resends > 0) writeLine({ is: "unswitched", player, goal });
}

/** POST claim of a goal that acknowledged events have completed. */
export function claimGoal(user: VirtualUser, arrival: Arrival, claim: AssignedClaim): void {
  const { player, stat } = claim;
  const goal = CLAIMED_GOALS[stat];
  if (goal === undefined) return;
  const call = {
    method: "POST",
    path: `/v1/challenges/${goal.challengeId}/goals/${goal.goalId}/claim`,
    credential: tokens[player] ?? "",
    headers: { "Idempotency-Key": `${run.runId}-claim${arrival.number}-${stat}` },
    keepsBody: true,
    endpoint: "claim",
  } as const;
  let status = 0;
  const send = () => {
    const outcome = user.call(arrival, call, (answer) => ({
      problem: statusProblem(answer, 200, 202),
    }));
    status = outcome.status;
    return !isUnknown(outcome);
  };
  sendUntilSettled(send, () => user.countResend());
  if (status === 200) return user.countClaim();
  // 4xx: it was refused, so nothing may be paid. Anything else may still be.
  leaveUnclaimed(claim, status < 400 || status >= 500);
}

/** Says that a goal was not claimed. */
export function leaveUnclaimed({ player, stat }: AssignedClaim, isOpen: boolean): void {
  writeLine({ is: "unclaimed", player, stat, isOpen });
}

function assignmentProblem(answer: Answer): string | null {
  const goals = textOf(answer).split('"goalId"').length - 1;
  return goals >= DEFAULT_GOALS ? null : `${goals} goals assigned`;
}
