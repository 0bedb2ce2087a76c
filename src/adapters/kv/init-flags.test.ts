import { expect, test } from "vitest";

import { FakeKv } from "../../../test/support/fake-kv.ts";
import { createInitFlags } from "./init-flags.ts";

const anna = { namespace: "default", userId: "anna" };

test("a flag is read back by its player only, and ends by itself", async () => {
  const kv = new FakeKv();
  const flags = createInitFlags(kv);
  await flags.write(anna, "v1");
  expect(await flags.read(anna)).toBe("v1");
  expect(await flags.read({ ...anna, namespace: "other" })).toBeNull();
  expect(await flags.read({ ...anna, userId: "bert" })).toBeNull();
  expect([...kv.ttls.values()]).toEqual([30 * 86_400]);
  await flags.remove(anna);
  expect(await flags.read(anna)).toBeNull();
});

test("ids with separators in them never meet in one key", async () => {
  const flags = createInitFlags(new FakeKv());
  await flags.write({ namespace: "a", userId: 'b","c' }, "v1");
  expect(await flags.read({ namespace: 'a","b', userId: "c" })).toBeNull();
});

test("the longest id stays below KV's 512 bytes", async () => {
  const kv = new FakeKv();
  await createInitFlags(kv).write({ namespace: "n".repeat(64), userId: "€".repeat(100) }, "v1");
  await createInitFlags(kv).write({ namespace: "n".repeat(64), userId: '"'.repeat(100) }, "v1");
  for (const key of kv.values.keys()) expect(Buffer.byteLength(key)).toBeLessThanOrEqual(512);
});

test("a KV that is down is a miss, and no error", async () => {
  const kv = new FakeKv();
  const flags = createInitFlags(kv);
  await flags.write(anna, "v1");
  kv.isDown = true;
  expect(await flags.read(anna)).toBeNull();
  await expect(flags.write(anna, "v2")).resolves.toBeUndefined();
  await expect(flags.remove(anna)).resolves.toBeUndefined();
});
