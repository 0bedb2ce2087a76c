import { STAT_CODES, LOGIN } from "../fixtures/stats.ts";
import { userIdOf } from "../fixtures/user-ids.ts";
import type { AssignedEvent } from "./assignment.ts";
import { batchEndpoint } from "./names.ts";
import { sendUntilSettled } from "./resend.ts";
import { run } from "./settings.ts";
import {
  statusProblem,
  textOf,
  writeLine,
  type Answer,
  type Arrival,
  type VirtualUser,
} from "./virtual-user.ts";

interface EventsAnswer {
  readonly accepted: number;
  readonly duplicates: number;
  readonly ignored: number;
  readonly rejected: number;
  readonly results: readonly {
    readonly index: number;
    readonly status: string;
    readonly code: string | null;
  }[];
}

/** Posts the events in one request, again until all are acknowledged; false, and a line in the log, when some are not. */
export function postEvents(
  user: VirtualUser,
  arrival: Arrival,
  events: readonly AssignedEvent[],
): boolean {
  const texts = events.map(eventText);
  const call = {
    method: "POST",
    path: "/v1/events",
    credential: run.serverKeys[arrival.number % run.serverKeys.length] ?? "",
    body: events.length === 1 ? (texts[0] ?? "") : `{"events":[${texts.join(",")}]}`,
    keepsBody: true,
    endpoint: batchEndpoint(events.length),
  } as const;
  let answer: EventsAnswer | null = null;
  const send = () => {
    user.call(arrival, call, (response) => {
      answer = parsed(response);
      return { problem: eventsProblem(response, answer) };
    });
    return answer !== null && answer.rejected === 0;
  };
  const { isSettled } = sendUntilSettled(send, () => user.countResend());
  const ids = isSettled ? [] : notTaken(events, answer);
  user.countEvents(arrival, events.length - ids.length);
  if (ids.length > 0) writeLine({ is: "unacknowledged", ids });
  return ids.length === 0;
}

function eventText({ id, player, stat, value }: AssignedEvent): string {
  const head = `{"id":"${run.runId}-${id}","userId":"${userIdOf(run.runId, player)}","statCode":"${STAT_CODES[stat]}"`;
  if (stat === LOGIN) return `${head},"type":"login"}`;
  return `${head},"type":"statistic","latestValue":${value},"inc":1}`;
}

function parsed(answer: Answer): EventsAnswer | null {
  if (answer.status !== 202) return null;
  try {
    return JSON.parse(textOf(answer));
  } catch {
    return null;
  }
}

function eventsProblem(response: Answer, answer: EventsAnswer | null): string | null {
  const problem = statusProblem(response, 202);
  if (problem !== null) return problem;
  if (answer === null) return "not the answer of POST events";
  if (answer.rejected > 0) return `rejected: ${answer.results[0]?.code ?? "without a code"}`;
  return answer.ignored > 0 ? "an event was ignored" : null;
}

function notTaken(events: readonly AssignedEvent[], answer: EventsAnswer | null): string[] {
  if (answer === null) return events.map(({ id }) => id);
  return answer.results
    .filter(({ status }) => status === "rejected")
    .flatMap(({ index }) => events[index]?.id ?? []);
}
