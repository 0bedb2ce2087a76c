import { parseConfig } from "../../src/config.ts";
import { goalState, rolledRows } from "../../src/core/goal-state.ts";
import { createApp } from "../../src/http/app.ts";
import { playerAccess } from "../../src/http/auth/access.ts";
import { noBody } from "../../src/http/body.ts";
import { defineRoute } from "../../src/http/define-route.ts";
import { playerDocumentResponse, readPlayer } from "../../src/http/player-document.ts";
import { noQuery } from "../../src/http/query.ts";
import { ROUTES } from "../../src/http/routes.ts";
import { createServices } from "../../src/services.ts";
import { systemClock } from "../../src/system-clock.ts";

export { Shard } from "../../src/shard/shard.ts";

/** The whole product, but for one route: here the document is made anew and encoded by JSON.stringify for each request. */
const plainChallenges = defineRoute({
  method: "GET",
  path: "/v1/challenges",
  access: playerAccess,
  query: noQuery,
  body: noBody,
  handle: async (handling) => {
    const reading = await readPlayer(handling);
    const { catalog, view, options } = reading;
    return playerDocumentResponse(handling, reading, () => {
      const rows = rolledRows(catalog, view.rows, options.now);
      const challenges = [...catalog.challenges.values()].map(({ challenge, goals }) => ({
        ...challenge,
        goals: goals.map((entry) => ({ ...entry.goal, ...goalState(entry, rows, options.now) })),
      }));
      const serverTime = new Date(options.now).toISOString();
      return JSON.stringify({ catalogVersion: catalog.version, serverTime, challenges });
    });
  },
});

const routes = ROUTES.map((route) =>
  route.method === "GET" && route.path === plainChallenges.path ? plainChallenges : route,
);

let app: ReturnType<typeof createApp> | undefined;

export default {
  fetch: (request, env, context) => {
    app ??= compose(env);
    return app.fetch(request, env, context);
  },
} satisfies ExportedHandler<Env>;

function compose(env: Env): ReturnType<typeof createApp> {
  const parsed = parseConfig(env);
  if (!parsed.ok) throw new Error(parsed.problems.join(" "));
  return createApp(createServices(env, parsed.config, systemClock), routes);
}
