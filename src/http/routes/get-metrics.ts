import { metricsAccess } from "../auth/metrics-access.ts";
import { noBody } from "../body.ts";
import { defineRoute } from "../define-route.ts";
import { metricFamilies } from "../metric-families.ts";
import { OPEN_METRICS_TYPE, openMetricsText } from "../open-metrics.ts";
import { noQuery } from "../query.ts";

/** What every shard measures, as OpenMetrics. A shard that does not answer is said to be down, and the rest is told. */
export const getMetrics = defineRoute({
  method: "GET",
  path: "/metrics",
  access: metricsAccess,
  query: noQuery,
  body: noBody,
  handle: async ({ services, exchange }) => {
    const readings = await services.players.shardMetrics(exchange);
    const text = openMetricsText(metricFamilies(readings, services.config));
    return new Response(text, { headers: { "Content-Type": OPEN_METRICS_TYPE } });
  },
});
