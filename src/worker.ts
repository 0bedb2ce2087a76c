import { parseConfig } from "./config.ts";
import { createApp } from "./http/app.ts";
import { misconfiguredResponse } from "./http/misconfigured-response.ts";
import { logEvent } from "./log.ts";
import { createServices, type WorkerServices } from "./services.ts";

export { Shard } from "./shard/shard.ts";

/** Requests, and the cron that pings every shard and repairs the catalog pointer in KV. */
export default {
  fetch: (request, env, ctx) => {
    const worker = composed(env);
    return worker.ok
      ? worker.app.fetch(request, env, ctx)
      : misconfigured(request, worker.problems);
  },
  scheduled: async (_controller, env) => {
    const worker = composed(env);
    if (worker.ok) await runCron(worker.services);
    else logEvent("error", "configuration", { problems: worker.problems });
  },
} satisfies ExportedHandler<Env>;

type Composed =
  | {
      readonly ok: true;
      readonly services: WorkerServices;
      readonly app: ReturnType<typeof createApp>;
    }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Of the last env seen: an isolate has one, and the caches in the services are worth keeping. */
let latest: { readonly env: Env; readonly worker: Composed } | undefined;

function composed(env: Env): Composed {
  if (latest?.env !== env) latest = { env, worker: compose(env) };
  return latest.worker;
}

function compose(env: Env): Composed {
  const parsed = parseConfig(env);
  if (!parsed.ok) return parsed;
  const services = createServices(env, parsed.config);
  return { ok: true, services, app: createApp(services) };
}

function misconfigured(request: Request, problems: readonly string[]): Response {
  const requestId = crypto.randomUUID();
  logEvent("error", "configuration", { requestId, problems });
  return misconfiguredResponse(request, problems, requestId);
}

/** Each part by itself: a shard that is away must not keep the pointer from being repaired. */
async function runCron({ players, catalogs, config }: WorkerServices): Promise<void> {
  const [shards, pointer] = await Promise.allSettled([
    players.shardStatuses(),
    catalogs.repair(config.defaultNamespace),
  ]);
  if (shards.status === "rejected") logEvent("error", "cron-shards", {}, shards.reason);
  if (pointer.status === "rejected") logEvent("warn", "cron-catalog", {}, pointer.reason);
}
