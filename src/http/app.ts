import { type Context, Hono } from "hono";

import { FailureError } from "../core/errors.ts";
import { knownMethod } from "../core/request-counter.ts";
import { corsHeaders, preflightResponse } from "./cors.ts";
import type { Route } from "./define-route.ts";
import { problemOf, problemResponse } from "./errors.ts";
import { beginExchange, type Exchange } from "./exchange.ts";
import { groupByPath, type PathGroup } from "./path-groups.ts";
import { ROUTES } from "./routes.ts";
import { setSecurityHeaders } from "./security-headers.ts";
import type { Services } from "./services.ts";

interface AppEnv {
  Variables: { exchange: Exchange };
}

/** The HTTP application: every route under the configured base path, and one envelope around all answers. */
export function createApp(services: Services, routes: readonly Route[] = ROUTES): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  const { basePath, corsOrigins } = services.config;

  app.use(async (context, next) => {
    const exchange = beginExchange(context.req.raw, services.clock.now(), () => services.newId());
    context.set("exchange", exchange);
    await next();
    dress(context, exchange, corsOrigins);
    logExchange(context, exchange, services);
  });
  for (const group of groupByPath(routes)) {
    for (const prefix of prefixesOf(group, basePath)) register(app, prefix, group, services);
  }
  app.notFound((context) => {
    const path = new URL(context.req.url).pathname.slice(0, ECHOED_PATH_LENGTH_MAX);
    return fail(context, new FailureError({ code: "NOT_FOUND", detail: `There is no ${path}.` }));
  });
  app.onError((error, context) => fail(context, error));
  return app;
}

/** Characters of an unknown path in its answer: enough to see the typo, too few to make the answer large. */
const ECHOED_PATH_LENGTH_MAX = 200;

function register(app: Hono<AppEnv>, prefix: string, group: PathGroup, services: Services): void {
  const path = prefix + group.path;
  for (const route of group.routes) {
    app.on(route.method, path, async (context) => {
      const exchange = context.get("exchange");
      exchange.route = group.path;
      return route.run({
        services,
        request: context.req.raw,
        params: context.req.param(),
        exchange,
        after: (work) => context.executionCtx.waitUntil(work),
      });
    });
  }
  app.all(path, (context) => {
    context.get("exchange").route = group.path;
    const preflight = preflightResponse(
      context.req.raw,
      services.config.corsOrigins,
      group.allowedMethods,
    );
    if (preflight !== null) return preflight;
    const allow = group.allowedMethods.join(", ");
    const detail = `${context.req.method} is not a method of this path; it takes ${allow}.`;
    const response = fail(context, new FailureError({ code: "METHOD_NOT_ALLOWED", detail }));
    response.headers.set("Allow", allow);
    return response;
  });
}

/** Probes of a platform look at the root, whatever the prefix of the API is. */
function prefixesOf(group: PathGroup, basePath: string): readonly string[] {
  const isApi = group.path.startsWith("/v1/");
  return isApi || basePath === "" ? [basePath] : ["", basePath];
}

function fail(context: Context<AppEnv>, error: unknown): Response {
  const exchange = context.get("exchange");
  const failure = problemOf(error);
  exchange.code = failure.code;
  exchange.error = error;
  const response = problemResponse(failure, exchange.requestId);
  if (failure.code === "UNAUTHENTICATED") {
    response.headers.set("WWW-Authenticate", 'Bearer realm="gauntlet"');
  }
  return response;
}

/** Headers of every answer, errors included. */
function dress(context: Context<AppEnv>, exchange: Exchange, corsOrigins: readonly string[]): void {
  const { headers } = context.res;
  headers.set("X-Request-Id", exchange.requestId);
  setSecurityHeaders(headers);
  for (const [name, value] of Object.entries(corsHeaders(context.req.raw, corsOrigins))) {
    headers.set(name, value);
  }
}

function logExchange(context: Context<AppEnv>, exchange: Exchange, services: Services): void {
  const { requestId, route, namespace, keyId, shard, code } = exchange;
  const { status } = context.res;
  const method = knownMethod(context.req.method);
  const milliseconds = services.clock.now() - exchange.startedAt;
  services.tally.note({ method, route, status, milliseconds });
  services.log({
    requestId,
    method,
    route,
    status,
    milliseconds,
    namespace,
    shard,
    keyId,
    code,
    // A refusal that the caller can read needs no second telling.
    error: status >= 500 ? exchange.error : undefined,
  });
}
