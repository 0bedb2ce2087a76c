/** A Worker that does one thing of the platform per request, named by the path; as the text that workerd takes. */
export const PLATFORM_WORKER = `
import { DurableObject } from "cloudflare:workers";
export class Shard extends DurableObject {
  echo(value) { return value; }
  keep(value) {
    this.ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS kept (value)");
    this.ctx.storage.sql.exec("INSERT INTO kept VALUES (?)", value);
  }
}
const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const data = new Uint8Array(300);
let count = 0;
let signed;
async function verify() {
  signed ??= await (async () => {
    const { privateKey, publicKey } = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    return { publicKey, signature: await crypto.subtle.sign(algorithm, privateKey, data) };
  })();
  await crypto.subtle.verify(algorithm, signed.publicKey, signed.signature, data);
}
const actions = {
  "/nothing": async () => {},
  "/sha-256": async () => crypto.subtle.digest("SHA-256", data),
  "/verify-es256": verify,
  "/timer-5-ms": async () => new Promise((resolve) => setTimeout(resolve, 5)),
  "/rate-limit": async (env) => env.RATE.limit({ key: "key" + (count++ % 2000) }),
  "/object-rpc": async (env) => env.SHARDS.getByName("shard" + (count++ % 8)).echo({ one: 1 }),
  "/object-write": async (env) => env.SHARDS.getByName("shard" + (count++ % 8)).keep("x".repeat(300)),
  "/kv-get-missing": async (env) => env.KV.get("key" + count++),
  "/kv-put": async (env) => env.KV.put("key" + count++, "value"),
};
export default {
  async fetch(request, env) {
    await actions[new URL(request.url).pathname](env);
    return new Response("ok");
  },
};`;

/** What the Worker can do, cheap things first. */
export const PLATFORM_ACTIONS = [
  "nothing",
  "sha-256",
  "verify-es256",
  "timer-5-ms",
  "rate-limit",
  "object-rpc",
  "object-write",
  "kv-get-missing",
  "kv-put",
] as const;
