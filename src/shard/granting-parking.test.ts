import { describe, expect, test } from "vitest";

import { type HeldGrants, journaled, withGrants } from "../../test/support/held-grants.ts";
import { GRANT_RETRY_MAX_MS } from "./limits.ts";

const UNKNOWN = { outcome: "unknown", reason: "timeout" } as const;
const DEFERRED = { outcome: "deferred", reason: "no token" } as const;
const REJECTED = { outcome: "rejected", reason: "no gold" } as const;
const DAY_MS = 86_400_000;

async function passesInVain(grants: HeldGrants, milliseconds: number): Promise<void> {
  const { time } = grants.parts;
  for (const end = time.now() + milliseconds; time.now() < end;) {
    await time.pass(GRANT_RETRY_MAX_MS);
    await grants.answer(DEFERRED);
  }
}

function kinds(grants: HeldGrants): string[] {
  return journaled(grants.parts).map(({ kind }) => kind);
}

describe("a grant is parked, and not asked for any more", () => {
  test("after a day without an answer, by the real clock", async () => {
    const grants = await withGrants();
    grants.start("g1");
    await passesInVain(grants, DAY_MS - 2 * GRANT_RETRY_MAX_MS);
    expect(kinds(grants)).not.toContain("claim-parked");
    await passesInVain(grants, 2 * GRANT_RETRY_MAX_MS);
    expect(journaled(grants.parts).at(-1)).toMatchObject({
      kind: "claim-parked",
      attempts: grants.asked.length,
      reason: "no token",
    });
    expect(grants.parts.granting.size).toBe(0);
    const asked = grants.asked.length;
    await grants.parts.time.pass(DAY_MS);
    expect(grants.asked).toHaveLength(asked);
  });

  test("when it is refused after a call that may have paid", async () => {
    const grants = await withGrants();
    grants.start("g1");
    await grants.parts.time.pass(1);
    await grants.answer(UNKNOWN);
    await grants.parts.time.pass(1_000);
    await grants.answer(REJECTED);
    expect(journaled(grants.parts)).toMatchObject([
      {
        kind: "claim-parked",
        attempts: 2,
        reason: "Refused after a try that may have paid: no gold",
      },
    ]);
    expect(grants.parts.memory.openGrants.get("g1")).toMatchObject({ isParked: true });
  });

  test("but not when it is refused after calls that certainly paid nothing", async () => {
    const grants = await withGrants();
    grants.start("g1");
    await grants.parts.time.pass(1);
    await grants.answer(DEFERRED);
    await grants.parts.time.pass(1_000);
    await grants.answer(REJECTED);
    expect(kinds(grants)).toEqual(["claim-rejected"]);
  });

  test("by whoever starts again, or loads its player", async () => {
    const grants = await withGrants();
    const of = grants.start("g1");
    await grants.parts.time.pass(1);
    await grants.answer(UNKNOWN);
    await grants.parts.time.pass(1_000);
    await grants.answer(REJECTED);
    grants.parts.granting.startAgain(of);
    const resident = grants.parts.memory.residents.get('["default","ada"]');
    if (resident !== undefined) grants.parts.granting.resume(resident);
    await grants.parts.time.pass(DAY_MS);
    expect(grants.asked).toHaveLength(2);
  });
});

describe("the tries of a pending grant", () => {
  test("are noted with the next one once pauses are long, and again when Postgres has the last", async () => {
    const grants = await withGrants();
    const { memory, time } = grants.parts;
    grants.start("g1");
    for (let tries = 1; tries <= 7; tries++) {
      await time.pass(GRANT_RETRY_MAX_MS);
      await grants.answer(UNKNOWN);
    }
    expect(journaled(grants.parts)).toMatchObject([
      { kind: "claim-tried", attempts: 5, reason: "timeout" },
    ]);
    const [tried] = journaled(grants.parts);
    const nextAttemptAt = tried?.kind === "claim-tried" ? tried.nextAttemptAt : 0;
    expect(nextAttemptAt).toBeGreaterThan(time.now() - 10 * GRANT_RETRY_MAX_MS);
    memory.residents.stored('["default","ada"]', memory.journal.last);
    await time.pass(GRANT_RETRY_MAX_MS);
    await grants.answer(UNKNOWN);
    expect(journaled(grants.parts).at(-1)).toMatchObject({ kind: "claim-tried", attempts: 8 });
  });

  test("are counted over a restart", async () => {
    const grants = await withGrants();
    const { memory, time } = grants.parts;
    grants.start("g1");
    for (let tries = 1; tries <= 5; tries++) {
      await time.pass(GRANT_RETRY_MAX_MS);
      await grants.answer(UNKNOWN);
    }
    expect(memory.openGrants.get("g1")).toMatchObject({ attempts: 5 });
  });
});
