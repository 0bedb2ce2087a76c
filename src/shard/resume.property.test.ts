import { array, assert, asyncProperty, constantFrom, integer, record } from "fast-check";
import { expect, test } from "vitest";

import { SetBackShard } from "../../test/support/set-back-shard.ts";

const USERS = ["ada", "bob", "cyd"] as const;

const anyStep = record({
  user: constantFrom(...USERS),
  kills: integer({ min: 1, max: 3 }),
  next: constantFrom(
    ...(["nothing", "flush", "flush", "restart", "kept", "set-back"] as const),
    ...(["letters", "retry", "retry"] as const),
    ...(["late flush", "lost answer", "late statements arrive"] as const),
  ),
});

test("whatever is flushed when, nothing counts twice, and what is sent or retried again counts once", async () => {
  const totals = { lost: 0, resent: 0, retried: 0 };
  const steps = array(anyStep, { minLength: 5, maxLength: 25, size: "max" });
  const schedule = asyncProperty(steps, constantFrom(1, 2, 2_000), async (all, rowsMax) => {
    const shard = new SetBackShard(rowsMax);
    const sent = new Map<string, string[]>(USERS.map((user) => [user, []]));
    let restore = shard.store.snapshot();
    let uncertain = 0;
    for (const [index, { user, kills, next }] of all.entries()) {
      const ids = Array.from({ length: kills }, (_, nth) => `e${index}-${nth}`);
      await shard.kill(user, ...ids);
      sent.get(user)?.push(...ids);
      await flushAs(shard, next);
      if (next === "retry") totals.retried += await retryAll(shard);
      if (next === "restart") shard.start({ limits: { flushRowsMax: rowsMax } });
      if (next === "kept") restore = shard.store.snapshot();
      if (next !== "set-back") continue;
      restore();
      const told = await shard.resume(false, `resume-${index}`);
      if (!told.ok) continue;
      totals.lost += told.value.lostAtMost;
      totals.resent += told.value.resendableIds;
      uncertain += told.value.lostAtMost - told.value.resendableIds;
      await shard.restart();
    }
    shard.store.arriveLate();
    let missing = 0;
    for (const [user, ids] of sent) {
      if (ids.length === 0) continue;
      await shard.kill(user, ...ids);
      await shard.retryLetters(user);
      await shard.flush();
      const counted = (await shard.kills(user)) ?? 0;
      expect(counted).toBeLessThanOrEqual(ids.length);
      missing += ids.length - counted;
    }
    expect(missing).toBeLessThanOrEqual(uncertain);
  });
  await assert(schedule, { numRuns: 150 });
  expect(totals.lost).toBeGreaterThan(0);
  expect(totals.resent).toBeGreaterThan(0);
  expect(totals.retried).toBeGreaterThan(0);
});

/** How many operations of letters were taken. */
async function retryAll(shard: SetBackShard): Promise<number> {
  let taken = 0;
  for (const user of USERS) {
    const statuses = await shard.retryLetters(user);
    taken += statuses.filter((status) => status === "taken").length;
  }
  return taken;
}

/** One of the ways in which a flush may end, when that is what comes next. */
async function flushAs(shard: SetBackShard, next: string): Promise<void> {
  if (next === "flush") await shard.flush();
  if (next === "letters") await shard.flushIntoLetters();
  if (next === "late flush") await shard.flushWith("late");
  if (next === "lost answer") await shard.flushWith("lost-answer");
  if (next === "late statements arrive") shard.store.arriveLate();
}
