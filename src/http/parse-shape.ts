import type * as z from "zod";

import { FailureError } from "../core/errors.ts";

/**
 * The value as the schema reads it; throws FailureError INVALID_REQUEST with every problem and its path.
 *
 * `root` starts the paths: `$` for a body (JSON path), `query` for a query.
 */
export function parseShape<Shape>(schema: z.ZodType<Shape>, value: unknown, root: string): Shape {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map((issue) => ({
    path: root + issue.path.map(step).join(""),
    message: issue.message,
  }));
  const first = errors[0];
  const detail =
    first === undefined ? "The request is not valid." : `${first.path}: ${first.message}.`;
  throw new FailureError({ code: "INVALID_REQUEST", detail, errors });
}

function step(key: PropertyKey): string {
  return typeof key === "number" ? `[${key}]` : `.${String(key)}`;
}
