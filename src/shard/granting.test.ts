import { describe, expect, test } from "vitest";

import { journaled, withGrants } from "../../test/support/held-grants.ts";
import type { GrantOutcome } from "../core/ports.ts";
import { GRANT_REASON_LENGTH_MAX, GRANT_RETRY_FIRST_MS, GRANT_RETRY_MAX_MS } from "./limits.ts";
import { playerName } from "./resident.ts";

const GRANTED: GrantOutcome = { outcome: "granted" };
const UNKNOWN: GrantOutcome = { outcome: "unknown", reason: "timeout" };
const DEFERRED: GrantOutcome = { outcome: "deferred", reason: "no token" };

describe("grants", () => {
  test("are asked for two at a time, in the order of their claims, each key once", async () => {
    const grants = await withGrants();
    for (const grantId of ["g1", "g2", "g3", "g2"]) grants.start(grantId);
    await grants.parts.time.pass(1);
    expect(grants.asked).toEqual(["g1", "g2"]);
    await grants.answer(GRANTED);
    expect(grants.asked).toEqual(["g1", "g2", "g3"]);
    expect(grants.inFlight).toBe(2);
    await grants.answer(GRANTED);
    await grants.answer(GRANTED);
    expect(journaled(grants.parts)).toMatchObject(
      ["g1", "g2", "g3"].map((grantId) => ({ kind: "claim-granted", claim: { grantId } })),
    );
    expect(grants.parts.granting.size).toBe(0);
  });

  test("whose outcome is unknown are asked for again under the same key, ever less often", async () => {
    const grants = await withGrants();
    const { time } = grants.parts;
    grants.start("g1");
    await time.pass(1);
    await grants.answer(UNKNOWN);
    await time.pass(GRANT_RETRY_FIRST_MS - 11);
    expect(grants.asked).toHaveLength(1);
    await time.pass(1);
    expect(grants.asked).toHaveLength(2);
    for (let tries = 2; tries < 15; tries++) {
      await grants.answer(UNKNOWN);
      await time.pass(GRANT_RETRY_MAX_MS);
      expect(grants.asked).toHaveLength(tries + 1);
    }
    await grants.answer(GRANTED);
    expect(new Set(grants.asked)).toEqual(new Set(["g1"]));
    expect(journaled(grants.parts).at(-1)).toMatchObject({ kind: "claim-granted", attempts: 15 });
  });

  test("tell the service when a call before may have paid, and only then", async () => {
    const grants = await withGrants();
    const { time } = grants.parts;
    grants.start("g1");
    await time.pass(1);
    await grants.answer(DEFERRED);
    await time.pass(GRANT_RETRY_MAX_MS);
    const lostAt = time.now();
    await grants.answer(UNKNOWN);
    await time.pass(GRANT_RETRY_MAX_MS);
    await grants.answer(DEFERRED);
    await time.pass(GRANT_RETRY_MAX_MS);
    expect(grants.unansweredAt).toEqual([null, null, lostAt, lostAt]);
    await grants.answer(GRANTED);
    expect(journaled(grants.parts)).toMatchObject([{ kind: "claim-granted", attempts: 4 }]);
  });

  test("of an earlier instance may have been paid, for all that is known", async () => {
    const grants = await withGrants();
    const { granting, time } = grants.parts;
    granting.startAgain(grants.opened("ada", "g1"));
    expect(grants.unansweredAt).toEqual([time.now()]);
  });

  test("that wait for their next try leave the way free for others", async () => {
    const grants = await withGrants();
    for (const grantId of ["g1", "g2", "g3"]) grants.start(grantId);
    await grants.parts.time.pass(1);
    await grants.answer(UNKNOWN);
    await grants.answer(UNKNOWN);
    expect(grants.asked).toEqual(["g1", "g2", "g3"]);
  });

  test("tell whoever waits, for as long as that one waits", async () => {
    const grants = await withGrants();
    const { granting, time } = grants.parts;
    grants.start("g1");
    const patient = granting.outcome("g1", 1_000);
    const impatient = granting.outcome("g1", 100);
    expect(granting.isAwaited("g1")).toBe(true);
    expect(await time.until(impatient)).toBeNull();
    await grants.answer(GRANTED);
    expect(await time.until(patient)).toMatchObject({ kind: "claim", status: "claimed" });
    expect(granting.isAwaited("g1")).toBe(false);
    expect(await granting.outcome("g1", 1_000)).toBeNull();
  });

  test("that are rejected say why, in as much as can be stored of it", async () => {
    const grants = await withGrants();
    grants.start("g1");
    const told = grants.parts.granting.outcome("g1", 1_000);
    await grants.parts.time.pass(1);
    await grants.answer({ outcome: "rejected", reason: `no\u0000gold\n${"🏆".repeat(1_000)}` });
    const failure = { code: "REWARD_REJECTED", extra: { grantId: "g1" } };
    expect(await grants.parts.time.until(told)).toMatchObject({ kind: "refused", failure });
    const [operation] = journaled(grants.parts);
    const reason = operation?.kind === "claim-rejected" ? operation.reason : "";
    expect(reason).toMatch(/^no gold 🏆/);
    expect(reason.length).toBeLessThanOrEqual(GRANT_REASON_LENGTH_MAX);
    expect(reason.isWellFormed()).toBe(true);
  });

  test("that are rejected can be started, and settled, again and again", async () => {
    const grants = await withGrants();
    for (let round = 0; round < 3; round++) {
      grants.start("g1");
      await grants.parts.time.pass(1);
      await grants.answer({ outcome: "rejected", reason: "no gold" });
    }
    expect(grants.asked).toHaveLength(3);
    expect(journaled(grants.parts)).toHaveLength(3);
    expect(grants.parts.granting.size).toBe(0);
  });

  test("go on when their settlement is journaled for a player who is not in memory", async () => {
    const grants = await withGrants();
    const { granting, memory, time } = grants.parts;
    granting.start(grants.opened("absent", "g1"), "request-1");
    await time.pass(1);
    await grants.answer(GRANTED);
    const name = playerName(grants.parts.player("absent"));
    expect(memory.parked.positionsOf(name)).toHaveLength(1);
    expect(granting.size).toBe(0);
  });

  test("stay open when their settlement cannot be written: the next instance resumes them", async () => {
    const grants = await withGrants();
    grants.start("g1");
    await grants.parts.time.pass(1);
    grants.parts.around.sql.writeFails = () => true;
    await grants.answer(GRANTED);
    expect(grants.parts.granting.size).toBe(1);
    expect(grants.parts.around.aborted).toContain("The journal");
    expect(grants.parts.around.logged.at(-1)?.event).toBe("grant-unsettled");
  });
});
