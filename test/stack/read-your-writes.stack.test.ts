import { expect, test } from "vitest";

import { sharedApi } from "./api.ts";
import { expectBody } from "./expect-answer.ts";
import type { Player } from "./player.ts";
import { challengeDocument } from "./shapes.ts";

const api = sharedApi();

const PLAYERS = 50;
const STEPS = 3;

/** Does one thing after another, and after each reads by another way what must be seen by then. */
async function play(player: Player): Promise<string[]> {
  const stale: string[] = [];
  const look = (what: string, seen: unknown, expected: unknown) => {
    if (seen !== expected) stale.push(`${what}: ${String(seen)} instead of ${String(expected)}`);
  };
  let tag = "";
  for (let step = 1; step <= STEPS; step++) {
    await player.does({ statCode: "kills", latestValue: step }, { statCode: "score", inc: 1 });
    look("progress", (await player.goal("default-kills"))?.progress, step);
    const answer = await player.get("/v1/challenges/defaults", { "If-None-Match": tag });
    look("status", answer.status, 200);
    tag = answer.headers.get("ETag") ?? "";
    const { challenge } = expectBody(answer, 200, challengeDocument);
    look("challenge", challenge.goals[0]?.progress, step);
    const isActive = step % 2 === 0;
    await player.setActive("modes/count-score", isActive);
    look("isActive", (await player.goal("count-score"))?.isActive ?? false, isActive);
  }
  await player.does({ statCode: "kills", latestValue: 10 });
  look("claim", (await player.claim("defaults/default-kills")).status, 200);
  look("claimed", (await player.goal("default-kills"))?.status, "claimed");
  return stale;
}

test("whoever reads after an answer sees what was answered, fifty players at once", async () => {
  const players = await Promise.all(Array.from({ length: PLAYERS }, () => api.player()));
  expect((await Promise.all(players.map(play))).flat()).toEqual([]);
});
