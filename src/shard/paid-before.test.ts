import { describe, expect, test } from "vitest";

import { newerThan, TWO_SHARDS } from "../../test/support/newer-shard.ts";
import { SetBackShard } from "../../test/support/set-back-shard.ts";
import { ONE_SHARD, type SimulatedShard } from "../../test/support/simulated-shard.ts";
import type { GrantOutcome } from "../core/ports.ts";

const CLAIM = { kind: "claim", challengeId: "first-steps", goalId: "kills" } as const;

/** Ada has completed her goal, is paid for it, and Postgres is set back to before she claimed: the shard goes on without the claim. */
async function resumedWithoutClaim(): Promise<SetBackShard> {
  const shard = new SetBackShard();
  await shard.kill("ada", "e1", "e2", "e3");
  await shard.flush();
  const restore = shard.store.snapshot();
  await shard.time.until(shard.command("ada", CLAIM, "c1"));
  await shard.flush();
  restore();
  await shard.resume();
  await shard.restart();
  return shard;
}

function claimAgain(shard: SimulatedShard, layout = ONE_SHARD) {
  return shard.time.until(shard.command("ada", CLAIM, "c2", layout));
}

describe("a reward whose claim was lost with a restore", () => {
  test("is asked for as one that may have been paid, by the time of the resume", async () => {
    const shard = await resumedWithoutClaim();
    const resumedAt = shard.time.now();
    expect(await claimAgain(shard)).toMatchObject({ value: { result: { status: "claimed" } } });
    const [first, second] = shard.granted;
    expect(second?.grantId).toBe(first?.grantId);
    expect(first?.unansweredAt).toBeNull();
    expect(second?.unansweredAt).toBeGreaterThan(resumedAt - 2_000);
    expect(second?.unansweredAt).toBeLessThan(resumedAt);
  });

  test("is asked for in the same way many restarts later", async () => {
    const shard = await resumedWithoutClaim();
    for (let restarts = 0; restarts < 3; restarts++) shard.start();
    await shard.time.pass(86_400_000);
    await claimAgain(shard);
    expect(shard.granted.at(-1)?.unansweredAt).toEqual(expect.any(Number));
  });

  test("is refused for good when the service refuses it: the call that may have paid is over", async () => {
    const shard = await resumedWithoutClaim();
    shard.grant = () => Promise.resolve({ outcome: "rejected", reason: "no gold" });
    expect(await claimAgain(shard)).toMatchObject({ failure: { code: "REWARD_REJECTED" } });
  });

  test("is asked for in the same way by the shard of another SHARD_COUNT", async () => {
    const older = await resumedWithoutClaim();
    const newer = newerThan(older);
    await claimAgain(newer, TWO_SHARDS);
    expect(newer.granted).toMatchObject([{ unansweredAt: expect.any(Number) }]);
  });
});

describe("a reward whose claim an operator took back", () => {
  async function cancelled(): Promise<SetBackShard> {
    const shard = new SetBackShard();
    await shard.kill("ada", "e1", "e2", "e3");
    const unknown: GrantOutcome = { outcome: "unknown", reason: "no answer" };
    shard.grant = () => Promise.resolve(unknown);
    const claimed = await shard.time.until(shard.command("ada", CLAIM, "c1"));
    const result = claimed.ok ? claimed.value.result : null;
    const grantId = result?.kind === "claim" ? result.grantId : "";
    const cancel = { kind: "repair-grant", grantId, repair: "cancel" } as const;
    await shard.time.until(shard.command("ada", cancel, "r1"));
    shard.grant = () => Promise.resolve({ outcome: "granted" });
    shard.granted.length = 0;
    return shard;
  }

  test.each(["at once", "after a restart"])(
    "is asked for as one that may have been paid: %s",
    async (when) => {
      const shard = await cancelled();
      if (when === "after a restart") shard.start();
      expect(await claimAgain(shard)).toMatchObject({ value: { result: { status: "claimed" } } });
      expect(shard.granted).toMatchObject([{ unansweredAt: expect.any(Number) }]);
    },
  );

  test("is asked for in the same way by the shard of another SHARD_COUNT", async () => {
    const older = await cancelled();
    await older.flush();
    const newer = newerThan(older);
    await claimAgain(newer, TWO_SHARDS);
    expect(newer.granted).toMatchObject([{ unansweredAt: expect.any(Number) }]);
  });
});
