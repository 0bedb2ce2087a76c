import { randomUUID } from "node:crypto";

import { describe, expect, test } from "vitest";

import { sharedApi, type Answer } from "./api.ts";
import { expectBody, expectProblem } from "./expect-answer.ts";
import { claimed, initialized } from "./shapes.ts";

const api = sharedApi();

const KILLS = "defaults/default-kills";

/** A player who has completed the goal of ten kills. */
async function killer() {
  const player = await api.player();
  await player.does({ statCode: "kills", latestValue: 10 });
  return player;
}

describe("an Idempotency-Key", () => {
  const bodyOf = ({ status, json }: Answer) => ({ status, json });

  test("gives a claim's first answer again, as often as it is sent", async () => {
    const player = await killer();
    const key = { "Idempotency-Key": `claim ${randomUUID()}` };
    const first = await player.claim(KILLS, key);
    expectBody(first, 200, claimed);
    const again = await Promise.all([player.claim(KILLS, key), player.claim(KILLS, key)]);
    expect(again.map(bodyOf)).toEqual([bodyOf(first), bodyOf(first)]);
    const other = { "Idempotency-Key": `other ${randomUUID()}` };
    expectProblem(await player.claim(KILLS, other), 409, "ALREADY_CLAIMED");
  });

  test("lets ten claims at once all have the one answer", async () => {
    const player = await killer();
    const key = { "Idempotency-Key": randomUUID() };
    const answers = await Promise.all(Array.from({ length: 10 }, () => player.claim(KILLS, key)));
    const texts = new Set(answers.map((answer) => JSON.stringify(bodyOf(answer))));
    expect([...texts]).toHaveLength(1);
    expect(answers[0]?.status).toBe(200);
  });

  test("keeps a repeat from doing anything, whatever happened in between", async () => {
    const player = await api.player();
    const key = { "Idempotency-Key": randomUUID() };
    const path = "modes/count-score" as const;
    const first = await player.setActive(path, true, key);
    await player.setActive(path, false);
    expect(bodyOf(await player.setActive(path, true, key))).toEqual(bodyOf(first));
    expect(await player.goal("count-score")).toMatchObject({ isActive: false });
  });

  test("gives initialize's first answer again", async () => {
    const player = await api.player();
    const key = { "Idempotency-Key": randomUUID() };
    const first = expectBody(await player.initialize(key), 200, initialized);
    expect(first.newAssignments).toBe(2);
    expect(expectBody(await player.initialize(key), 200, initialized)).toEqual(first);
    expect(expectBody(await player.initialize(), 200, initialized).newAssignments).toBe(0);
  });

  test("is of one player and one command", async () => {
    const [anna, bert] = [await killer(), await killer()];
    const key = { "Idempotency-Key": randomUUID() };
    const paths = [KILLS, "defaults/default-login"] as const;
    await anna.does({});
    const paid = [await anna.claim(KILLS, key), await bert.claim(KILLS, key)];
    paid.push(await anna.claim(paths[1], key));
    const grants = paid.map((answer) => expectBody(answer, 200, claimed).grantId);
    expect(new Set(grants).size).toBe(3);
  });

  test("of a command that was refused is refused as it was; another key decides anew", async () => {
    const player = await api.player();
    const key = { "Idempotency-Key": randomUUID() };
    expectProblem(await player.claim(KILLS, key), 400, "GOAL_NOT_COMPLETED");
    await player.does({ statCode: "kills", latestValue: 10 });
    expectProblem(await player.claim(KILLS, key), 400, "GOAL_NOT_COMPLETED");
    expectBody(await player.claim(KILLS, { "Idempotency-Key": randomUUID() }), 200, claimed);
  });

  test("may have 128 characters, and not one more", async () => {
    const player = await killer();
    const key = (length: number) => ({ "Idempotency-Key": "k".repeat(length) });
    expectProblem(await player.claim(KILLS, key(129)), 400, "INVALID_REQUEST");
    expectBody(await player.claim(KILLS, key(128)), 200, claimed);
  });
});
