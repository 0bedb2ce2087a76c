import { RATE_LIMITS } from "../../core/limits.ts";
import { type Access, countRequest, serverAccess } from "./access.ts";
import { bearerToken } from "./bearer-token.ts";

const operatorAccess = serverAccess("operator");

/** Whoever scrapes /metrics: with METRICS_TOKEN, if one is configured, or with an operator's key. */
export const metricsAccess: Access<null> = async (call) => {
  const { metricsToken, rateLimiters } = call.services;
  const presented = bearerToken(call.request, "METRICS_TOKEN or an operator's key");
  if (metricsToken.is(presented)) {
    await countRequest(rateLimiters.server, "metrics-token", RATE_LIMITS.server);
  } else {
    await operatorAccess(call);
  }
  return null;
};
