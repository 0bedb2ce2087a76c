import type * as z from "zod";

import type { Access } from "./auth/access.ts";
import type { BodySpec } from "./body.ts";
import type { Exchange } from "./exchange.ts";
import { parseShape } from "./parse-shape.ts";
import { queryOf } from "./query.ts";
import type { Services } from "./services.ts";

/** One request on its way through a route. */
export interface Call {
  readonly services: Services;
  readonly request: Request;
  /** The parts of the path that the pattern names, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly exchange: Exchange;
  /** Lets work go on after the answer. The promise must handle its own failure. */
  readonly after: (work: Promise<void>) => void;
}

/** What a handler gets: the call with everything already checked. */
interface Handling<Caller, Query, Body> extends Call {
  readonly caller: Caller;
  readonly query: Query;
  readonly body: Body;
  /** Path parameter by name; a name that the pattern lacks is a programming error. */
  readonly param: (name: string) => string;
}

type Method = "GET" | "POST" | "PUT" | "DELETE";

export interface RouteSpec<Caller, Query, Body> {
  readonly method: Method;
  /** In Hono's notation, without the base path: `/v1/challenges/:challengeId`. */
  readonly path: string;
  readonly access: Access<Caller>;
  /** Reads the query as an object of texts; unknown names are ignored. */
  readonly query: z.ZodType<Query>;
  readonly body: BodySpec<Body>;
  handle(handling: Handling<Caller, Query, Body>): Promise<Response>;
}

/** A route whose types are sealed inside: what the app registers. */
export interface Route {
  readonly method: Method;
  readonly path: string;
  /** As in BodySpec. */
  readonly bodySchema: z.ZodType | null;
  run(call: Call): Promise<Response>;
}

/**
 * Makes a route. The order of checks after path and method is here and nowhere else: credentials, permission, rate, media
 * type, size, JSON, shape; then the handler asks the domain.
 */
export function defineRoute<Caller, Query, Body>(spec: RouteSpec<Caller, Query, Body>): Route {
  return {
    method: spec.method,
    path: spec.path,
    bodySchema: spec.body.schema,
    run: async (call) => {
      const caller = await spec.access(call);
      const json = await spec.body.read(call.request);
      const query = parseShape(spec.query, queryOf(call.request.url), "query");
      const body = spec.body.parse(json);
      return spec.handle({
        ...call,
        caller,
        query,
        body,
        param: (name) => paramOf(call, spec.path, name),
      });
    },
  };
}

function paramOf(call: Call, path: string, name: string): string {
  const value = call.params[name];
  if (value === undefined) throw new Error(`The path ${path} has no parameter ${name}.`);
  return value;
}
