import * as z from "zod";

const rateLimits = z.record(
  z.string(),
  z.object({ simple: z.object({ limit: z.int(), period: z.int() }) }),
);

/** The name of the Worker that counts and keeps. */
const SERVICE = "memory-services";

/**
 * Rate limits and KV in memory, in a Worker beside the measured one, behind the interfaces that the product uses.
 *
 * In a deployment both are other machines' business. miniflare's simulators are objects with SQLite that wait for the disk on the
 * Worker's own thread: half a millisecond of CPU for each request, a whole one for each new player, which is several times what
 * everything else takes. `limits`: as wrangler.toml has them. KV is empty after a restart.
 */
export function memoryServices(limits: unknown) {
  const named = Object.entries(rateLimits.parse(limits ?? {}));
  const classes = named.map(
    ([name, { simple }]) =>
      `export class ${name} extends RateLimiter { static rate = ${JSON.stringify(simple)}; }`,
  );
  const names = [...named.map(([name]) => name), "KV"];
  return {
    serviceBindings: Object.fromEntries(
      names.map((name) => [name, { name: SERVICE, entrypoint: name }]),
    ),
    worker: {
      name: SERVICE,
      modules: true,
      compatibilityDate: "2026-10-20",
      script: [SCRIPT, ...classes, "export default {};"].join("\n"),
    },
  };
}

/** A rate limit's window is aligned to the clock; all keys are forgotten when it ends. */
const SCRIPT = `
import { WorkerEntrypoint } from "cloudflare:workers";
const windows = new Map();
class RateLimiter extends WorkerEntrypoint {
  limit({ key }) {
    const { limit, period } = this.constructor.rate;
    const name = this.constructor.name;
    const number = Math.floor(Date.now() / (period * 1000));
    let window = windows.get(name);
    if (window?.number !== number) windows.set(name, (window = { number, counts: new Map() }));
    const count = (window.counts.get(key) ?? 0) + 1;
    window.counts.set(key, count);
    return { success: count <= limit };
  }
}
const values = new Map();
export class KV extends WorkerEntrypoint {
  get(key) {
    const found = values.get(key);
    return found === undefined || found.until < Date.now() ? null : found.value;
  }
  put(key, value, { expirationTtl = Infinity } = {}) {
    values.set(key, { value, until: Date.now() + expirationTtl * 1000 });
  }
  delete(key) {
    values.delete(key);
  }
}`;
