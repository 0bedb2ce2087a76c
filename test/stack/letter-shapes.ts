import * as z from "zod";

import { count, instant, instantOrNull, text, version } from "./shapes.ts";

const letterId = z.int().min(1);
export const deadLetters = z.strictObject({
  deadLetters: z.array(
    z.strictObject({
      id: letterId,
      shard: text,
      namespace: text,
      userId: text.nullable(),
      state: z.enum(["open", "retried", "discarded"]),
      createdAt: instant,
      settledAt: instantOrNull,
      error: text,
      operationCount: count,
      operations: z.array(
        z.strictObject({
          position: count,
          at: instant,
          catalogVersion: version,
          operation: z.looseObject({ kind: text }),
        }),
      ),
    }),
  ),
  next: letterId.nullable(),
});
export const retriedLetter = z.strictObject({
  id: letterId,
  state: z.enum(["retried", "open", "discarded"]),
  operations: z.array(
    z.strictObject({
      position: count,
      kind: text,
      status: z.enum(["taken", "repeated", "skipped", "refused"]),
      detail: text.nullable(),
    }),
  ),
});
export const discardedLetter = z.strictObject({ id: letterId, state: z.literal("discarded") });
