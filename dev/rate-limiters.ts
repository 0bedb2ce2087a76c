import * as z from "zod";

const rateLimits = z.record(
  z.string(),
  z.object({ simple: z.object({ limit: z.int(), period: z.int() }) }),
);

/** The name of the Worker that counts. */
const SERVICE = "rate-limiters";

/**
 * Counts rate limits in memory, as the platform does, in a Worker beside the measured one.
 *
 * miniflare's own simulator is an object with SQLite that waits for the disk on the Worker's thread, for each request: half a
 * millisecond of CPU and an fsync, which is several times what everything else takes. `limits`: as wrangler.toml has them.
 */
export function rateLimiters(limits: unknown) {
  const named = Object.entries(rateLimits.parse(limits ?? {}));
  const classes = named.map(
    ([name, { simple }]) =>
      `export class ${name} extends RateLimiter { static rate = ${JSON.stringify(simple)}; }`,
  );
  return {
    serviceBindings: Object.fromEntries(
      named.map(([name]) => [name, { name: SERVICE, entrypoint: name }]),
    ),
    worker: {
      name: SERVICE,
      modules: true,
      compatibilityDate: "2026-10-20",
      script: [RATE_LIMITER, ...classes, "export default {};"].join("\n"),
    },
  };
}

/** A window that begins with its first request, as many as there are keys; all are forgotten when the window ends. */
const RATE_LIMITER = `
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
}`;
