import { convertV4MiniflareOptions, Miniflare } from "miniflare";

import { findFreePort, LOOPBACK } from "../../dev/ports.ts";
import { HttpPool } from "../generator/http-pool.ts";
import { measureCost, type Cost } from "./measure-cost.ts";
import { PLATFORM_ACTIONS, PLATFORM_WORKER } from "./platform-worker.ts";

const CONNECTIONS_MAX = 64;

/** What the platform's parts cost on a local workerd, whose KV and rate limits are simulators on the Worker's own thread. */
export async function platformCosts(folder: string): Promise<Cost[]> {
  const port = await findFreePort();
  const runtime = new Miniflare(
    convertV4MiniflareOptions({
      host: LOOPBACK,
      port: 0,
      cf: false,
      resourcePersistencePath: folder,
      workers: [
        {
          name: "platform",
          modules: true,
          script: PLATFORM_WORKER,
          compatibilityDate: "2026-10-20",
          kvNamespaces: ["KV"],
          durableObjects: { SHARDS: { className: "Shard", useSQLite: true } },
          ratelimits: { RATE: { namespace_id: "1", simple: { limit: 1_000_000, period: 10 } } },
          unsafeDirectSockets: [{ host: LOOPBACK, port, proxy: false }],
        },
      ],
    }),
  );
  const pool = new HttpPool(LOOPBACK, port, CONNECTIONS_MAX);
  try {
    await runtime.ready;
    const costs: Cost[] = [];
    for (const name of PLATFORM_ACTIONS) {
      const request = () => `GET /${name} HTTP/1.1\r\nHost: local\r\n\r\n`;
      costs.push(await measureCost({ name, pool, expectedStatus: 200, request }));
    }
    return costs;
  } finally {
    pool.close();
    await runtime.dispose();
  }
}
