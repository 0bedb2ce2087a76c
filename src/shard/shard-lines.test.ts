import { expect, test } from "vitest";

import { KILLS } from "../../test/support/simulated-parts.ts";
import { SimulatedShard } from "../../test/support/simulated-shard.ts";

const challengeId = KILLS.document.challenges[0]?.challengeId ?? "";
const claim = { kind: "claim", challengeId, goalId: "kills" } as const;

function lines(shard: SimulatedShard, name: string) {
  return shard.logged.filter(({ event }) => event === name).map(({ fields }) => fields);
}

test("a flush and the alarm that ran it are a line each, with the age of the oldest operation", async () => {
  const shard = new SimulatedShard(KILLS);
  const arrivedAt = shard.time.now();
  await shard.time.until(shard.event("e1", "ada"));
  await shard.time.pass(700);
  await shard.time.until(shard.event("e2", "bob"));
  await shard.time.until(shard.alarm());
  const [flush] = lines(shard, "flush");
  expect(flush).toMatchObject({
    shard: "g1-1-0",
    flush: 1,
    players: 2,
    rows: 2,
    leftOut: 0,
    isRecognised: false,
  });
  expect(flush?.["lagMs"]).toBeGreaterThanOrEqual(700);
  expect(flush?.["lagMs"]).toBeLessThanOrEqual(shard.time.now() - arrivedAt);
  expect(lines(shard, "alarm")).toMatchObject([
    { outcome: "flushed", journalDepth: 0, nextInMs: null },
  ]);
});

test("a flush whose answer was lost has its line when the fence tells of it", async () => {
  const shard = new SimulatedShard(KILLS);
  await shard.time.until(shard.event("e1", "ada"));
  shard.store.fate = (kind) => (kind === "flush" ? "lost-answer" : "ok");
  await shard.time.until(shard.alarm());
  expect(lines(shard, "flush")).toEqual([]);
  expect(lines(shard, "alarm")).toMatchObject([{ outcome: "failed", nextInMs: 2_000 }]);
  await shard.time.until(shard.alarm());
  expect(lines(shard, "flush")).toMatchObject([{ flush: 1, rows: 1, isRecognised: true }]);
});

test("a grant's lines name the request that claimed, and what each call came to", async () => {
  const shard = new SimulatedShard(KILLS);
  const outcomes = [{ outcome: "unknown", reason: "the service said secret" } as const];
  shard.grant = () => Promise.resolve(outcomes.shift() ?? { outcome: "granted" });
  for (const eventId of ["e1", "e2", "e3"]) await shard.time.until(shard.event(eventId, "ada"));
  await shard.time.until(shard.command("ada", claim, "key"));
  expect(lines(shard, "grant")).toMatchObject([
    { requestId: "request-key", outcome: "unknown", attempts: 1 },
    { requestId: "request-key", outcome: "granted", attempts: 2, milliseconds: 250 },
  ]);
  expect(JSON.stringify(shard.logged)).not.toContain("secret");
});
