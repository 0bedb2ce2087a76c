import { describe, expect, test } from "vitest";

import { sharedApi } from "./api.ts";
import { challenge, goal } from "./contract-catalog.ts";
import { expectProblem } from "./expect-answer.ts";
import { Publisher } from "./publisher.ts";

const api = sharedApi();

function catalog(...goals: object[]): object {
  return { challenges: [challenge("only", goals)] };
}

describe("a catalog with mistakes", () => {
  const publisher = new Publisher(api, "refused");

  test("is refused as a whole, with every mistake and its place", async () => {
    const broken = {
      challenges: [
        challenge("one", [
          goal("same", "a", 0),
          goal("same", "a", 1),
          goal("circle-a", "a", 1, { prerequisites: ["circle-b"] }),
          goal("circle-b", "a", 1, { prerequisites: ["circle-a"] }),
          goal("typo", "a", 1, { prerequisites: ["circle-bb"] }),
          { ...goal("unknown", "a", 1), colour: "red" },
          goal("zone", "a", 1, {
            progressMode: "count",
            rotation: { enabled: true, type: "global", schedule: "daily", timeZone: "Mars/North" },
          }),
          goal("rotates", "a", 1, {
            rotation: { enabled: true, type: "global", schedule: "daily" },
          }),
          { ...goal("reward", "a", 1), reward: { type: "COIN", rewardId: "x", quantity: 0 } },
        ]),
        challenge("one", [goal("fine", "a", 1)]),
        challenge("empty", []),
      ],
    };
    const { errors = [] } = expectProblem(await publisher.put(broken), 422, "INVALID_CATALOG");
    const places = errors.map(({ path }) => path);
    for (const place of [
      "$.challenges[0].goals[0].requirement.targetValue",
      "$.challenges[0].goals[1].goalId",
      "$.challenges[0].goals[4].prerequisites[0]",
      "$.challenges[0].goals[5].colour",
      "$.challenges[0].goals[6].rotation.timeZone",
      "$.challenges[0].goals[7].rotation",
      "$.challenges[0].goals[8].reward.type",
      "$.challenges[0].goals[8].reward.quantity",
      "$.challenges[1].challengeId",
      "$.challenges[2].goals",
    ]) {
      expect(places).toContain(place);
    }
    const sentences = errors.map(({ message }) => message).join("\n");
    expect(sentences).toMatch(/did you mean "circle-b"/);
    expect(sentences).toMatch(/circle-a.*circle-b|circle-b.*circle-a/);
    expectProblem(await publisher.put(broken, "?dryRun=true"), 422, "INVALID_CATALOG");
    expectProblem(await publisher.put(broken, "?force=true"), 422, "INVALID_CATALOG");
    expectProblem(await publisher.get(), 503, "NO_CATALOG");
  });

  test.each(["null", "[]", "{}", '{"challenges":[]}', '{"challenges":{}}', '{"challenge":[]}'])(
    "is refused when it is %s",
    async (body) => {
      const { errors } = expectProblem(await publisher.put(body), 422, "INVALID_CATALOG");
      expect(errors?.length).toBeGreaterThan(0);
    },
  );

  test("is told from a request that is wrong", async () => {
    const good = catalog(goal("g", "a", 1));
    expectProblem(await publisher.put("{"), 400, "INVALID_JSON");
    const text = { "Content-Type": "text/plain" };
    const asText = await publisher.put(JSON.stringify(good), "", text);
    expectProblem(asText, 415, "UNSUPPORTED_MEDIA_TYPE");
    expectProblem(await publisher.put(" ".repeat(8 * 1_048_576 + 1)), 413, "BODY_TOO_LARGE");
    expectProblem(await publisher.put(good, "?dryRun=yes"), 400, "INVALID_REQUEST");
    expectProblem(await publisher.put(good, "?force=1"), 400, "INVALID_REQUEST");
  });

  test("is refused beyond 5,000 goals", async () => {
    const goals = Array.from({ length: 5_001 }, (_, index) => goal(`g${index}`, "a", 1));
    const answer = await publisher.put(catalog(...goals), "?dryRun=true");
    const { errors } = expectProblem(answer, 422, "INVALID_CATALOG");
    expect(errors?.[0]?.message).toMatch(/5,?000/);
    const fewer = catalog(...goals.slice(1));
    expect((await publisher.publish(fewer, "?dryRun=true")).changes.added).toHaveLength(5_000);
  });
});
