import { expect, test, vi } from "vitest";

import { FailureError } from "../core/errors.ts";
import { createReadinessCheck } from "./readiness.ts";

test("names everything that is missing, and hides what an unexpected error says", async () => {
  const check = createReadinessCheck(
    [
      { name: "kv", check: async () => [] },
      { name: "postgres", check: async () => ["migration 0001 is missing"] },
      {
        name: "catalog",
        check: async () => {
          throw new FailureError({ code: "NO_CATALOG", detail: "There is no catalog." });
        },
      },
      {
        name: "kv",
        check: async () => {
          throw new Error("postgres://user:hunter2@db");
        },
      },
    ],
    { now: () => 0 },
  );
  expect(await check()).toEqual([
    { path: "postgres", message: "migration 0001 is missing" },
    { path: "catalog", message: "There is no catalog." },
    { path: "kv", message: "does not answer" },
  ]);
});

test("keeps an answer for five seconds", async () => {
  let now = 0;
  let asked = 0;
  const check = createReadinessCheck(
    [
      {
        name: "kv",
        check: async () => {
          asked++;
          return [];
        },
      },
    ],
    { now: () => now },
  );
  await check();
  now = 4_999;
  await check();
  expect(asked).toBe(1);
  now = 5_000;
  await check();
  expect(asked).toBe(2);
});

test("gives up a dependency that hangs", async () => {
  vi.useFakeTimers();
  try {
    const hanging = { name: "postgres" as const, check: () => new Promise<string[]>(() => {}) };
    const answer = createReadinessCheck([hanging], { now: () => 0 })();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await answer).toEqual([{ path: "postgres", message: "did not answer within 2000 ms" }]);
  } finally {
    vi.useRealTimers();
  }
});
