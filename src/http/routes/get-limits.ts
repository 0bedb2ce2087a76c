import {
  CATALOG_BYTES_MAX,
  CATALOG_GOALS_MAX,
  EVENT_AGE_SECONDS_MAX,
  EVENT_FUTURE_SECONDS_MAX,
  EVENTS_BODY_BYTES_MAX,
  EVENTS_PER_REQUEST_MAX,
  PLAYER_LIMITS,
  RATE_LIMITS,
} from "../../core/limits.ts";
import { publicAccess } from "../auth/access.ts";
import { noBody } from "../body.ts";
import { defineRoute } from "../define-route.ts";
import { jsonResponse } from "../json-response.ts";
import { noQuery } from "../query.ts";

/** The limits in force in this deployment, for people and for clients that adapt to them. */
export const getLimits = defineRoute({
  method: "GET",
  path: "/v1/limits",
  access: publicAccess,
  query: noQuery,
  body: noBody,
  handle: async ({ services: { config } }) =>
    jsonResponse(
      {
        events: {
          maxPerRequest: EVENTS_PER_REQUEST_MAX,
          maxBytes: EVENTS_BODY_BYTES_MAX,
          maxFutureSeconds: EVENT_FUTURE_SECONDS_MAX,
          maxAgeSeconds: EVENT_AGE_SECONDS_MAX,
        },
        dedup: { maxIds: config.dedupMaxIds, seconds: config.dedupSeconds },
        rateLimits: RATE_LIMITS,
        perPlayer: PLAYER_LIMITS,
        flushIntervalMs: config.flushIntervalMs,
        catalog: { maxGoals: CATALOG_GOALS_MAX, maxBytes: CATALOG_BYTES_MAX },
      },
      { headers: { "Cache-Control": "public, max-age=60" } },
    ),
});
