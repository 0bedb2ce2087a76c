import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { aCatalog, aGoal } from "../support/builders.ts";
import { Api } from "./api.ts";
import { startContractStack, type ContractStack } from "./contract-stack.ts";
import { expectBody } from "./expect-answer.ts";
import type { Player } from "./player.ts";
import { Publisher } from "./publisher.ts";
import { claimed } from "./shapes.ts";

// A stack of its own: it is stopped, and goes on weeks later, on the same state.
const folder = mkdtempSync(join(tmpdir(), "gauntlet-weeks-"));
const DAY_MS = 86_400_000;
/** In a namespace of its own, with a catalog of its own. */
const NAMESPACE = "living";
const WEEKLY = aGoal({
  goalId: "expedition",
  defaultAssigned: true,
  requirement: { statCode: "steps", progressMode: "count", targetValue: 5 },
  rotation: { schedule: "weekly", onExpiry: { resetProgress: false, allowReselection: true } },
});
const MONTHLY = aGoal({
  goalId: "guild",
  defaultAssigned: true,
  requirement: { statCode: "deeds", progressMode: "count", targetValue: 2 },
  rotation: { schedule: "monthly", claimGraceSeconds: 60 * 86_400 },
});
const CATALOG = aCatalog(WEEKLY, MONTHLY).document;
const challengeId = CATALOG.challenges[0]?.challengeId ?? "";
const STEP = { statCode: "steps", inc: 1 };
const DEED = { statCode: "deeds", inc: 1 };

let running: ContractStack;
let player: Player;

async function at(clockOffsetMs: number): Promise<void> {
  running = await startContractStack(folder, clockOffsetMs === 0 ? {} : { clockOffsetMs });
  player = await new Api(running.access).player({ namespace: NAMESPACE, userId: "walker" });
}

async function later(clockOffsetMs: number): Promise<void> {
  await running.stack.stop();
  await at(clockOffsetMs);
}

async function claim(goalId: string) {
  return expectBody(await player.claim(`${challengeId}/${goalId}`), 200, claimed);
}

beforeAll(async () => {
  chmodSync(folder, 0o711);
  await at(0);
  await new Publisher(new Api(running.access), NAMESPACE).publish(CATALOG);
});

afterAll(async () => {
  await running.stack.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("a week carries its progress over, a month ends and leaves its reward to be claimed late", async () => {
  await player.doesIn(NAMESPACE, STEP, STEP, STEP, DEED, DEED);
  const firstWeek = await player.goal("expedition");
  const firstMonth = await player.goal("guild");
  expect(firstWeek).toMatchObject({ progress: 3, status: "in_progress" });
  expect(firstMonth).toMatchObject({ progress: 2, status: "completed" });

  await later(8 * DAY_MS);
  const secondWeek = await player.goal("expedition");
  expect(secondWeek).toMatchObject({ progress: 3, status: "in_progress" });
  expect(Date.parse(secondWeek?.expiresAt ?? "")).toBeGreaterThan(
    Date.parse(firstWeek?.expiresAt ?? ""),
  );
  await player.doesIn(NAMESPACE, STEP, STEP);
  await claim("expedition");
  expect(await player.goal("expedition")).toMatchObject({ progress: 5, status: "claimed" });

  await later(40 * DAY_MS);
  expect(await player.goal("expedition")).toMatchObject({ progress: 0, status: "not_started" });
  const nextMonth = await player.goal("guild");
  expect(nextMonth).toMatchObject({ progress: 0, status: "not_started" });
  const late = await claim("guild");
  expect(late.period).toBe(nextMonth?.lateClaim?.period);
  // The month in which the deeds were done, from its first instant, UTC.
  const end = new Date(firstMonth?.expiresAt ?? "");
  expect(Date.parse(late.period ?? "")).toBe(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() - 1));
  expect(await player.goal("guild")).toMatchObject({ status: "not_started", lateClaim: null });
});
