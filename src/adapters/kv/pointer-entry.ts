import * as z from "zod";

import type { ActivatedPointer } from "../../core/catalog-store.ts";
import { type KeyValue, keyOf, readOrMiss } from "./key-value.ts";

/** Where KV says which catalog version is active in a namespace. */
export function pointerKey(namespace: string): string {
  return keyOf("catalog-pointer", namespace);
}

/** The pointer in KV; null when there is none, when it is unreadable, or when KV fails. May be up to a minute old. */
export async function readPointer(
  kv: KeyValue,
  namespace: string,
): Promise<ActivatedPointer | null> {
  const text = await readOrMiss(kv, pointerKey(namespace), { cacheTtl: CACHE_TTL_SECONDS });
  if (text === null) return null;
  const parsed = pointerSchema.safeParse(parseJson(text));
  return parsed.success ? parsed.data : null;
}

/** Throws when KV does. */
export async function writePointer(
  kv: KeyValue,
  namespace: string,
  { version, seq, activatedAt }: ActivatedPointer,
): Promise<void> {
  await kv.put(pointerKey(namespace), JSON.stringify({ version, seq, activatedAt }));
}

/** The least that KV allows: how long another location may go on reading the pointer of before a publish. */
const CACHE_TTL_SECONDS = 30;

const pointerSchema = z.object({
  version: z.string().regex(/^[0-9a-f]{64}$/),
  seq: z.int().min(0),
  activatedAt: z.number(),
});

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
