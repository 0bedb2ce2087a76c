import { COUNTING_GOALS, DEFAULT_GOALS, GOALS } from "../fixtures/load-catalog.ts";
import { anyPlayer, type AssignedEvent } from "./assignment.ts";
import { postEvents } from "./event-actions.ts";
import { tokens } from "./settings.ts";
import {
  statusProblem,
  textOf,
  type Answer,
  type Arrival,
  type VirtualUser,
} from "./virtual-user.ts";

/** One document in so many has its goals counted: to look at each would cost the CPU that is measured. */
const CHECKED_EVERY = 50;
/** After so many questions a virtual user turns to another player. */
const POLLS_PER_PLAYER = 20;

/** The document that this virtual user has read last and now polls; nobody else knows of it. */
let polled = { player: -1, etag: "", polls: 0 };

/** GET challenges, all goals or the active ones. */
export function readChallenges(
  user: VirtualUser,
  arrival: Arrival,
  player: number,
  isActiveOnly: boolean,
): Answer {
  const keepsBody = arrival.number % CHECKED_EVERY === 0;
  const call = {
    method: "GET",
    path: isActiveOnly ? "/v1/challenges?active_only=true" : "/v1/challenges",
    credential: tokens[player] ?? "",
    keepsBody,
    endpoint: isActiveOnly ? "challenges, active only" : "challenges, full",
  } as const;
  return user.call(arrival, call, (answer) => ({
    problem: statusProblem(answer, 200) ?? (keepsBody ? goalsProblem(answer, isActiveOnly) : null),
  }));
}

/** Asks with the ETag of the last answer; without one, and now and then, for another player's whole document. */
export function readConditionally(user: VirtualUser, arrival: Arrival): void {
  const { etag, polls } = polled;
  if (etag === "" || polls === POLLS_PER_PLAYER) {
    const player = anyPlayer(arrival.number, tokens.length);
    const answer = readChallenges(user, arrival, player, false);
    polled = { player, etag: etagOf(answer), polls: 0 };
    return;
  }
  const call = {
    method: "GET",
    path: "/v1/challenges",
    credential: tokens[polled.player] ?? "",
    headers: { "If-None-Match": etag },
    keepsBody: false,
    endpoint: "challenges, not modified",
  } as const;
  const answer = user.call(arrival, call, (outcome) => ({
    endpoint: outcome.status === 200 ? "challenges, full" : "challenges, not modified",
    problem: statusProblem(outcome, 200, 304),
  }));
  polled = {
    ...polled,
    etag: answer.status === 200 ? etagOf(answer) : etag,
    polls: polls + 1,
  };
}

/** Reads a player's progress, posts an event, reads again: the event has to be there. */
export function readVisibility(user: VirtualUser, arrival: Arrival, event: AssignedEvent): void {
  const before = readCount(user, arrival, event, 0);
  const isPosted = postEvents(user, arrival, [event]);
  if (before !== null && isPosted) readCount(user, arrival, event, before + 1);
}

/** How many events of the event's kind the player's progress shows; a problem when there are fewer than `least`. */
function readCount(
  user: VirtualUser,
  arrival: Arrival,
  { player, stat }: AssignedEvent,
  least: number,
): number | null {
  let count: number | null = null;
  const call = {
    method: "GET",
    path: "/v1/progress",
    credential: tokens[player] ?? "",
    keepsBody: true,
    endpoint: "progress",
  } as const;
  user.call(arrival, call, (answer) => {
    const problem = statusProblem(answer, 200);
    if (problem !== null) return { problem };
    count = shownCount(answer, COUNTING_GOALS[stat]?.goalId ?? "");
    return { problem: count < least ? "an acknowledged event is not visible" : null };
  });
  return count;
}

function shownCount(answer: Answer, goalId: string): number {
  const { goals }: { goals: readonly { goalId: string; progress: number }[] } = JSON.parse(
    textOf(answer),
  );
  return goals.find((goal) => goal.goalId === goalId)?.progress ?? 0;
}

function etagOf({ status, headers }: Answer): string {
  return status === 200 ? (headers["Etag"] ?? "") : "";
}

function goalsProblem(answer: Answer, isActiveOnly: boolean): string | null {
  const goals = textOf(answer).split('"goalId"').length - 1;
  const isRight = isActiveOnly ? goals >= DEFAULT_GOALS && goals < GOALS : goals === GOALS;
  return isRight ? null : `${goals} goals in the document`;
}
