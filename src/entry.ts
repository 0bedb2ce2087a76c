import { parseConfig } from "./config.ts";
import type { Clock } from "./core/ports.ts";
import { createApp } from "./http/app.ts";
import { misconfiguredResponse } from "./http/misconfigured-response.ts";
import { logEvent } from "./log.ts";
import { createServices, type WorkerServices } from "./services.ts";

/**
 * Makes the Worker: requests, and the cron that pings every shard and repairs the catalog pointer in KV.
 *
 * `clockOf` gives what the rules take for now; timeouts, caches and credentials keep the real time, whatever it says.
 */
export function createWorker(clockOf: (env: Env) => Clock) {
  /** Of the last env seen: an isolate has one, and the caches in the services are worth keeping. */
  let latest: { readonly env: Env; readonly worker: Composed } | undefined;
  const composed = (env: Env): Composed => {
    if (latest?.env !== env) latest = { env, worker: compose(env, clockOf(env)) };
    return latest.worker;
  };
  return {
    fetch: (request, env, ctx) => {
      const worker = composed(env);
      return worker.ok
        ? worker.app.fetch(request, env, ctx)
        : misconfigured(request, worker.problems);
    },
    scheduled: async (_controller, env) => {
      const worker = composed(env);
      if (worker.ok) await runCron(worker.services);
      else logEvent("configuration", { requestId: null, problems: worker.problems });
    },
  } satisfies ExportedHandler<Env>;
}

type Composed =
  | {
      readonly ok: true;
      readonly services: WorkerServices;
      readonly app: ReturnType<typeof createApp>;
    }
  | { readonly ok: false; readonly problems: readonly string[] };

function compose(env: Env, clock: Clock): Composed {
  const parsed = parseConfig(env);
  if (!parsed.ok) return parsed;
  const services = createServices(env, parsed.config, clock);
  return { ok: true, services, app: createApp(services) };
}

function misconfigured(request: Request, problems: readonly string[]): Response {
  const requestId = crypto.randomUUID();
  logEvent("configuration", { requestId, problems });
  return misconfiguredResponse(request, problems, requestId);
}

/** Each part by itself: a shard that is away must not keep the pointer from being repaired. */
async function runCron(services: WorkerServices): Promise<void> {
  const { catalogs, config } = services;
  const requestId = crypto.randomUUID();
  const [shards, pointer] = await Promise.allSettled([
    pingShards(services, requestId),
    catalogs.repair(config.defaultNamespace),
  ]);
  if (shards.status === "rejected") logEvent("cron-shards", { requestId }, shards.reason);
  if (pointer.status === "rejected") logEvent("cron-catalog", { requestId }, pointer.reason);
}

/** Also those that only Postgres knows: a former generation that is not configured any more may still have something to write. */
async function pingShards(
  { players, knownShards }: WorkerServices,
  requestId: string,
): Promise<void> {
  // While Postgres is away the deployment's own shards are pinged all the same.
  const known = await knownShards().catch(() => []);
  await players.shardStatuses({ requestId, shard: null }, known);
}
