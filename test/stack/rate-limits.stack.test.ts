import { describe, expect, test } from "vitest";

import { sharedApi, type Answer } from "./api.ts";
import { expectProblem } from "./expect-answer.ts";

const api = sharedApi();

/** Asks so often, a few at a time; answers the refusals. */
async function refusalsOf(times: number, ask: () => Promise<Answer>): Promise<Answer[]> {
  const refused: Answer[] = [];
  for (let asked = 0; asked < times; asked += 20) {
    const answers = await Promise.all(Array.from({ length: 20 }, ask));
    refused.push(...answers.filter(({ status }) => status !== 200));
  }
  return refused;
}

describe("requests beyond the limit are 429 with Retry-After", () => {
  test("for a player, and for nobody else", async () => {
    const [eager, other] = [await api.player(), await api.player()];
    const refused = await refusalsOf(220, () => eager.get("/v1/progress"));
    expect(refused.length).toBeGreaterThan(0);
    for (const answer of refused) expectProblem(answer, 429, "RATE_LIMITED");
    expect((await other.get("/v1/progress")).status).toBe(200);
    // The rate is looked at before the body, and after the credentials.
    const late = await eager.send("PUT", "/v1/challenges/x/goals/y/active", { body: "no json" });
    expectProblem(late, 429, "RATE_LIMITED");
  });

  test("for an address, and for no other", async () => {
    const from = (address: string) => () =>
      api.call("/v1/limits", { headers: { "CF-Connecting-IP": address } });
    const refused = await refusalsOf(640, from("203.0.113.1"));
    expect(refused.length).toBeGreaterThan(0);
    for (const answer of refused.slice(0, 3)) expectProblem(answer, 429, "RATE_LIMITED");
    expect((await from("203.0.113.2")()).status).toBe(200);
  });
});
