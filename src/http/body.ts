import type * as z from "zod";

import { FailureError } from "../core/errors.ts";
import { JSON_DEPTH_MAX } from "../core/limits.ts";
import { readBytes } from "./body-bytes.ts";
import { isDeeperThan } from "./json-depth.ts";
import { parseShape } from "./parse-shape.ts";

/** How a route reads its body: first the text becomes JSON, later (all 415 and 413 said) JSON becomes a shape. */
export interface BodySpec<Body> {
  read(request: Request): Promise<unknown>;
  /** Throws FailureError INVALID_REQUEST naming every problem. */
  parse(json: unknown): Body;
  /** What a body must look like, so that tests can make up bodies of every route; null where the route checks by itself. */
  readonly schema: z.ZodType | null;
}

/** The route does not look at the body, whatever it is. */
export const noBody: BodySpec<null> = {
  read: async () => null,
  parse: () => null,
  schema: null,
};

/** A JSON body that must be there. `maxBytes` counts what is left after gunzip. */
export function jsonBody<Body>(schema: z.ZodType<Body>, maxBytes: number): BodySpec<Body> {
  return {
    read: async (request) => (await readJson(request, maxBytes)).json,
    parse: (json) => parseShape(schema, json, "$"),
    schema,
  };
}

/** A JSON body that may be absent: `schema` then sees an empty object. */
export function optionalJsonBody<Body>(schema: z.ZodType<Body>, maxBytes: number): BodySpec<Body> {
  return {
    read: async (request) => {
      const body = await readJson(request, maxBytes, { mayBeEmpty: true });
      return body.isEmpty ? {} : body.json;
    },
    parse: (json) => parseShape(schema, json, "$"),
    schema,
  };
}

/** A JSON body that the route checks by itself. */
export function uncheckedJsonBody(maxBytes: number): BodySpec<unknown> {
  return {
    read: async (request) => (await readJson(request, maxBytes)).json,
    parse: (json) => json,
    schema: null,
  };
}

async function readJson(
  request: Request,
  maxBytes: number,
  { mayBeEmpty = false } = {},
): Promise<{ isEmpty: boolean; json: unknown }> {
  const bytes = await readBytes(request, maxBytes);
  if (bytes.length === 0) {
    if (mayBeEmpty) return { isEmpty: true, json: undefined };
    throw invalidJson("The body is empty; send a JSON object.");
  }
  const text = decode(bytes);
  // Before parsing: whatever walks the value later may do so recursively.
  if (isDeeperThan(text, JSON_DEPTH_MAX)) {
    throw invalidJson(`The body nests deeper than ${JSON_DEPTH_MAX} levels.`);
  }
  try {
    const json: unknown = JSON.parse(text);
    return { isEmpty: false, json };
  } catch (error) {
    throw invalidJson(`The body is not valid JSON: ${reason(error)}.`);
  }
}

/** One for all: a decoder keeps nothing from one whole text to the next. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw invalidJson("The body is not valid UTF-8.");
  }
}

/** V8 quotes the text around the fault; that helps its author, and is theirs. */
function reason(error: unknown): string {
  return error instanceof Error ? error.message : "it cannot be parsed";
}

function invalidJson(detail: string): FailureError {
  return new FailureError({ code: "INVALID_JSON", detail });
}
