import { randomUUID } from "node:crypto";

import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";

import { audit } from "../../dev/audit/audit.ts";
import { ROUTES } from "../../src/http/routes.ts";
import { sharedApi } from "./api.ts";
import { contractCatalog } from "./contract-catalog.ts";
import { expectBody } from "./expect-answer.ts";
import { expectSaneAnswer } from "./fuzz-answer.ts";
import { fuzzCredentials, playerName, PLAYERS } from "./fuzz-credentials.ts";
import { anyRequestOf, plainRequestOf } from "./fuzz-requests.ts";
import { ANSWER_WITHIN_MS, type FuzzRequest, sendAsIs } from "./fuzz-send.ts";
import { Publisher } from "./publisher.ts";
import { shards } from "./shapes.ts";

const api = sharedApi();
const publisher = new Publisher(api, "fuzz");
const credentials = await fuzzCredentials(api.access);

/** Requests per route; FUZZ_RUNS asks for more, FUZZ_SEED for the run that a failure printed. */
const RUNS = Number(process.env["FUZZ_RUNS"] ?? 20);
const SEED = process.env["FUZZ_SEED"];
const options = { numRuns: RUNS, ...(SEED === undefined ? {} : { seed: Number(SEED) }) };

async function send(request: FuzzRequest) {
  const authorization = request.as === null ? null : (credentials.get(request.as) ?? null);
  return sendAsIs(api.access.url, request, authorization);
}

beforeAll(async () => {
  await publisher.publish(contractCatalog(Date.now()));
  // So that there is something to claim, to export and to erase.
  const players = Array.from({ length: PLAYERS }, (_, index) => playerName(index));
  const events = players.flatMap((userId) => [
    { id: "first", type: "login", userId },
    { id: "second", type: "statistic", userId, statCode: "kills", latestValue: 10 },
  ]);
  const { status, text } = await api.postEvents({ events }, "fuzz");
  if (status !== 202) throw new Error(`The players have nothing to claim: ${status} ${text}`);
});

describe("whatever is sent, the answer comes soon and is one of the contract's", () => {
  const routes = ROUTES.map((route) => ({ title: `${route.method} ${route.path}`, route }));

  test.each(routes)("$title takes what is meant for it", async ({ route }) => {
    const answer = await send(plainRequestOf(route));
    expect([401, 403, 405]).not.toContain(answer.status);
    expectSaneAnswer(plainRequestOf(route), answer);
  });

  test.each(routes)(
    "$title",
    async ({ route }) => {
      const property = fc.asyncProperty(
        anyRequestOf(route, [...credentials.keys()]),
        async (request) => expectSaneAnswer(request, await send(request)),
      );
      await fc.assert(property, options);
    },
    20_000 + RUNS * ANSWER_WITHIN_MS,
  );
});

test("afterwards everything is flushed, without an error, and players are served", async () => {
  const statuses = async () => {
    const answer = await api.call("/v1/admin/shards", { as: api.key("operator") });
    const lines = expectBody(answer, 200, shards).shards;
    return lines.filter(
      ({ lastError, dirtyPlayers, parkedPlayers }) =>
        lastError !== null || dirtyPlayers > 0 || parkedPlayers > 0,
    );
  };
  await expect.poll(statuses, { timeout: 10_000, interval: 200 }).toEqual([]);
  for (const path of ["/healthz", "/readyz"]) expect((await api.call(path)).status).toBe(200);
  await publisher.publish(contractCatalog(Date.now()), "?force=true");
  const player = await api.player({ namespace: "fuzz", userId: `after-${randomUUID()}` });
  await player.doesIn("fuzz", { statCode: "kills", latestValue: 10 });
  expect(await player.goal("default-kills")).toMatchObject({ progress: 10, status: "completed" });
});

test("afterwards Postgres holds nothing that the rules would not write", async () => {
  const { broken } = await audit(api.access.databaseUrl, { namespace: "fuzz", userId: null });
  expect(broken).toEqual([]);
});
