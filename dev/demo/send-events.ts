import * as z from "zod";

import { StackProblem } from "../stack-problem.ts";
import type { PatientClient } from "./patient-client.ts";
import type { DemoEvent, DemoPlan } from "./plan.ts";

/** What the stack said about the events. */
export interface Sent {
  /** Distinct events that were answered as taken, now or earlier. */
  readonly acknowledged: ReadonlySet<string>;
  /** Answers "duplicate": events repeated on purpose, and those sent again after a lost answer. */
  readonly duplicates: number;
  readonly milliseconds: number;
}

const RESULTS = z.object({
  results: z.array(
    z.object({
      index: z.number(),
      status: z.enum(["accepted", "duplicate", "ignored", "rejected"]),
      detail: z.string().nullable(),
      retryable: z.boolean(),
    }),
  ),
});

/** Sends the plan: servers side by side, each server's batches one after the other, resent until every event is taken. */
export async function sendEvents(
  client: PatientClient,
  plan: DemoPlan,
  serverKey: string,
  onProgress: (acknowledged: number) => void,
): Promise<Sent> {
  const acknowledged = new Set<string>();
  let duplicates = 0;
  const startedAt = performance.now();
  const sendBatch = async (batch: readonly DemoEvent[]) => {
    for (let left = batch; left.length > 0;) {
      const result = await post(client, left, serverKey);
      for (const event of result.taken) acknowledged.add(eventKey(event));
      duplicates += result.duplicates;
      onProgress(acknowledged.size);
      left = result.again;
    }
  };
  await Promise.all(
    plan.servers.map(async ({ batches }) => {
      for (const batch of batches) await sendBatch(batch);
    }),
  );
  return { acknowledged, duplicates, milliseconds: performance.now() - startedAt };
}

/** An event's identity: ids belong to their player. */
export function eventKey({ id, userId }: DemoEvent): string {
  return JSON.stringify([userId, id]);
}

interface Posted {
  readonly taken: readonly DemoEvent[];
  readonly again: readonly DemoEvent[];
  readonly duplicates: number;
}

async function post(
  client: PatientClient,
  events: readonly DemoEvent[],
  serverKey: string,
): Promise<Posted> {
  const answer = await client.send({
    method: "POST",
    path: "/v1/events?results=all",
    credential: serverKey,
    body: { events },
  });
  if (answer.status !== 202) {
    throw new StackProblem(
      `The events were answered ${answer.status}: ${JSON.stringify(answer.body)}`,
    );
  }
  const { results } = RESULTS.parse(answer.body);
  const taken: DemoEvent[] = [];
  const again: DemoEvent[] = [];
  let duplicates = 0;
  for (const { index, status, detail, retryable } of results) {
    const event = events[index];
    if (event === undefined) {
      throw new StackProblem(`The answer names an event ${index} that was not sent.`);
    }
    if (status === "duplicate") duplicates++;
    if (status === "accepted" || status === "duplicate") taken.push(event);
    else if (retryable) again.push(event);
    else throw new StackProblem(`Event ${event.id} was ${status}: ${detail ?? "no reason given"}`);
  }
  return { taken, again, duplicates };
}
