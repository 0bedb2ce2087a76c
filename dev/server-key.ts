import { createHash, randomBytes } from "node:crypto";

/** What a server key of one namespace may be allowed; an operator's key has no namespace and its own scope. */
export const NAMESPACED_SCOPES = [
  "events:write",
  "catalog:read",
  "catalog:write",
  "players:read",
  "players:write",
] as const;

/** One element of the secret API_KEYS. The key itself is not in it, so that a leaked configuration opens nothing. */
export interface ApiKeyEntry {
  readonly id: string;
  /** SHA-256 of the whole key, `gk_<id>_<secret>`, in lower-case hex. */
  readonly sha256: string;
  readonly namespace: string | null;
  readonly scopes: string[];
}

export interface ServerKey {
  readonly key: string;
  readonly entry: ApiKeyEntry;
}

/** 256 bits, as many as the hash that is compared. */
const SECRET_BYTES = 32;

/**
 * Draws a server key.
 *
 * The secret is hex: neither id nor secret holds an underscore, so `gk_<id>_<secret>` comes apart in one way only.
 */
export function makeServerKey(of: {
  readonly id: string;
  readonly namespace: string | null;
  readonly scopes: string[];
}): ServerKey {
  if (!/^[a-z0-9]+$/.test(of.id)) throw new Error(`A key id is of a-z and 0-9, not "${of.id}".`);
  const key = `gk_${of.id}_${randomBytes(SECRET_BYTES).toString("hex")}`;
  const sha256 = createHash("sha256").update(key).digest("hex");
  return { key, entry: { id: of.id, sha256, namespace: of.namespace, scopes: of.scopes } };
}
