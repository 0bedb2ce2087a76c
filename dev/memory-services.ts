import * as z from "zod";

const rateLimits = z.record(
  z.string(),
  z.object({ simple: z.object({ limit: z.int(), period: z.int() }) }),
);

/** The module around the bundle, to be the Worker's first. */
export const ENTRY_MODULE = "entry.js";

/**
 * The bundle `worker.js` with rate limits and KV in memory, behind the interfaces that the product uses.
 *
 * In a deployment both are other machines' business. miniflare's simulators are objects with SQLite that wait for the disk on the
 * Worker's own thread: half a millisecond of CPU for each request, a whole one for each new player, which is several times what
 * everything else takes; and a call to another Worker is a twentieth of a millisecond with its garbage. So they are maps in the
 * Worker's own isolate, which all of its objects share here. `limits`: as wrangler.toml has them. KV is empty after a restart.
 */
export function memoryServicesEntry(limits: unknown): string {
  const named = Object.entries(rateLimits.parse(limits ?? {})).map(
    ([name, { simple }]) => `${name}: new RateLimiter(${simple.limit}, ${simple.period})`,
  );
  return [SCRIPT, `const memory = { KV: new Values(), ${named.join(", ")} };`, ENTRY].join("\n");
}

/** A rate limit's window is aligned to the clock; all keys are forgotten when it ends. */
const SCRIPT = `
import worker, { Shard as BundledShard } from "./worker.js";
class RateLimiter {
  constructor(limit, seconds) {
    Object.assign(this, { most: limit, periodMs: seconds * 1000, window: 0, counts: new Map() });
  }
  async limit({ key }) {
    const window = Math.floor(Date.now() / this.periodMs);
    if (window !== this.window) Object.assign(this, { window, counts: new Map() });
    const count = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, count);
    return { success: count <= this.most };
  }
}
class Values {
  values = new Map();
  async get(key) {
    const found = this.values.get(key);
    return found === undefined || found.until < Date.now() ? null : found.value;
  }
  async put(key, value, { expirationTtl = Infinity } = {}) {
    this.values.set(key, { value, until: Date.now() + expirationTtl * 1000 });
  }
  async delete(key) {
    this.values.delete(key);
  }
}`;

/** One environment for each that the runtime hands out: the Worker keeps what it made for one. */
const ENTRY = `
const environments = new WeakMap();
function withMemory(env) {
  const known = environments.get(env);
  if (known !== undefined) return known;
  const made = { ...env, ...memory };
  environments.set(env, made);
  return made;
}
export class Shard extends BundledShard {
  constructor(state, env) {
    super(state, withMemory(env));
  }
}
export default {
  fetch: (request, env, context) => worker.fetch(request, withMemory(env), context),
  scheduled: (event, env, context) => worker.scheduled(event, withMemory(env), context),
};`;
