import { env } from "cloudflare:workers";
import { expect, test } from "vitest";

import { createInitFlags } from "./init-flags.ts";
import { checkKv } from "./kv-check.ts";
import { readPointer, writePointer } from "./pointer-entry.ts";

// A read that KV refuses looks like a miss: only the real KV can show that it refuses none of ours.

test("the real KV gives a pointer back, so its options are ones that it takes", async () => {
  const pointer = { version: "a".repeat(64), seq: 7, activatedAt: 1_234.5 };
  await writePointer(env.KV, "default", pointer);
  expect(await readPointer(env.KV, "default")).toEqual(pointer);
  expect(await readPointer(env.KV, "none")).toBeNull();
});

test("the real KV takes the flag of the longest id", async () => {
  const flags = createInitFlags(env.KV);
  const player = { namespace: "n".repeat(64), userId: "€".repeat(100) };
  await flags.write(player, "v1");
  expect(await flags.read(player)).toBe("v1");
  await flags.remove(player);
  expect(await flags.read(player)).toBeNull();
});

test("the real KV passes the readiness check", async () => {
  expect(await checkKv(env.KV)).toEqual([]);
});
