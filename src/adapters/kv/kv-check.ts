import { type KeyValue, keyOf } from "./key-value.ts";

/** For /readyz: whether KV answers a read at all. Throws what KV throws. */
export async function checkKv(kv: KeyValue): Promise<string[]> {
  await kv.get(keyOf("readiness"), { type: "text" });
  return [];
}
