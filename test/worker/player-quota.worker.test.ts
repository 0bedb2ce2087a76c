import { expect, test } from "vitest";

import { PLAYER_LIMITS } from "../../src/core/limits.ts";
import { askWorker } from "./ask-worker.ts";
import { aShard } from "./shard-in-workerd.ts";

/** Commands at one time, well below what one player may have in flight. */
const AT_ONCE = 50;

test("a player of too many commands is 429 with Retry-After, and everybody else is served", async () => {
  const { namespace } = await aShard();
  const reset = (userId: string) =>
    askWorker(namespace, `/v1/admin/players/${userId}/reset`, { method: "POST" });
  const statuses: number[] = [];
  // Until one is refused: on a slow machine the span ends in between, and counting begins anew.
  while (!statuses.includes(429) && statuses.length < 10 * PLAYER_LIMITS.commands.requests) {
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => reset("ada")));
    statuses.push(...answers.map(({ status }) => status));
  }
  expect(new Set(statuses)).toEqual(new Set([200, 429]));
  const allowed = statuses.filter((status) => status === 200).length;
  expect(allowed).toBeGreaterThanOrEqual(PLAYER_LIMITS.commands.requests);

  const refused = await reset("ada");
  expect(refused.status).toBe(429);
  const seconds = Number(refused.headers.get("Retry-After"));
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThanOrEqual(PLAYER_LIMITS.commands.seconds);
  expect(await refused.json()).toMatchObject({ code: "RATE_LIMITED" });

  expect((await reset("bob")).status).toBe(200);
  const event = { id: "e1", userId: "ada", type: "statistic", statCode: "kills", inc: 1 };
  const posted = await askWorker(namespace, "/v1/events", {
    method: "POST",
    body: JSON.stringify(event),
  });
  expect(await posted.json()).toMatchObject({ accepted: 1 });
  expect((await askWorker(namespace, "/v1/admin/players/ada")).status).toBe(200);
});
