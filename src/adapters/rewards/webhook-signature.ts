/** What is signed: what the receiver reads from the headers webhook-id and webhook-timestamp, and the body as it is sent. */
export interface SignedMessage {
  readonly id: string;
  readonly timestampSeconds: number;
  readonly body: string;
}

/** What a `whsec_` secret stands for. */
export type WebhookKey = Uint8Array<ArrayBuffer>;

/** Bytes of a key; Standard Webhooks 1.0, "Signature scheme". */
const KEY_BYTES_MIN = 24;
const KEY_BYTES_MAX = 64;
/** Two only while one takes the place of the other. */
const KEYS_MAX = 2;
/** With its padding: so it always is base64. */
const SECRET = /^whsec_(?<key>([A-Za-z0-9+/]{4})+([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/;

/** The value of webhook-signature: one signature per key, so that a receiver may know either while keys are changed. */
export async function webhookSignatures(
  { id, timestampSeconds, body }: SignedMessage,
  keys: readonly WebhookKey[],
): Promise<string> {
  const signed = new Uint8Array(new TextEncoder().encode(`${id}.${timestampSeconds}.${body}`));
  const signatures = await Promise.all(keys.map((key) => hmacSha256(key, signed)));
  return signatures.map((signature) => `v1,${btoa(String.fromCharCode(...signature))}`).join(" ");
}

/** The keys in a list of `whsec_…` secrets, separated by spaces or commas; null unless it is one or two good ones. */
export function webhookKeys(secrets: string): readonly WebhookKey[] | null {
  const keys = secrets
    .split(/[\s,]+/)
    .filter((secret) => secret !== "")
    .map(keyOf);
  const good = keys.filter((key) => key !== null);
  return good.length === keys.length && keys.length >= 1 && keys.length <= KEYS_MAX ? good : null;
}

function keyOf(secret: string): WebhookKey | null {
  const encoded = SECRET.exec(secret)?.groups?.["key"];
  if (encoded === undefined) return null;
  const key = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
  return key.length >= KEY_BYTES_MIN && key.length <= KEY_BYTES_MAX ? key : null;
}

async function hmacSha256(key: WebhookKey, message: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("raw", key, algorithm, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, message));
}
