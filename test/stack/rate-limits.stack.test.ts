import { describe, expect, test } from "vitest";

import { sharedApi, type Answer } from "./api.ts";
import { expectProblem } from "./expect-answer.ts";

const api = sharedApi();

/** Asks so often, a few at a time; a limit counts by fixed spans of ten seconds, of which this fills more than one. */
async function ask(times: number, request: () => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  while (answers.length < times) {
    answers.push(...(await Promise.all(Array.from({ length: 20 }, request))));
  }
  return answers;
}

function refused(answers: readonly Answer[]): Answer[] {
  const limited = answers.filter(({ status }) => status === 429);
  expect(limited.length).toBeGreaterThan(0);
  for (const answer of limited) expectProblem(answer, 429, "RATE_LIMITED");
  return limited;
}

describe("requests beyond the limit are 429 with Retry-After", () => {
  test("for a player, and for nobody else", async () => {
    const [eager, other] = [await api.player(), await api.player()];
    const answers = await ask(220, () => eager.get("/v1/progress"));
    expect(answers.length - refused(answers).length).toBeGreaterThanOrEqual(100);
    expect((await other.get("/v1/progress")).status).toBe(200);
  });

  test("before the body is looked at, and after the credentials", async () => {
    const player = await api.player();
    const path = "/v1/challenges/x/goals/y/active";
    const answers = await ask(220, () => player.send("PUT", path, { body: "no json" }));
    refused(answers);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([415, 429]));
    expectProblem(await api.call("/v1/progress", { as: "garbage" }), 401, "UNAUTHENTICATED");
  });

  test("for an address, and for no other", async () => {
    const from = (address: string) => () =>
      api.call("/v1/limits", { headers: { "CF-Connecting-IP": address } });
    const answers = await ask(640, from("203.0.113.1"));
    expect(answers.length - refused(answers).length).toBeGreaterThanOrEqual(300);
    expect((await from("203.0.113.2")()).status).toBe(200);
  });
});
