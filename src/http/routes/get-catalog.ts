import * as z from "zod";

import type { Catalog } from "../../core/catalog.ts";
import { publicCatalog } from "../../core/view.ts";
import { publicAccess } from "../auth/access.ts";
import { noBody } from "../body.ts";
import { conditionalResponse } from "../conditional.ts";
import { defineRoute } from "../define-route.ts";

/** The definitions without any player, for clients and caches. */
export const getCatalog = defineRoute({
  method: "GET",
  path: "/v1/catalog",
  access: publicAccess,
  query: z.object({
    namespace: z
      .string()
      .regex(/^[a-z0-9-]{1,64}$/, "must match [a-z0-9-]{1,64}")
      .optional(),
  }),
  body: noBody,
  handle: async ({ services, request, query, exchange }) => {
    const namespace = query.namespace ?? services.config.defaultNamespace;
    exchange.namespace = namespace;
    const { catalog } = await services.catalogs.active(namespace);
    const { tag, body } = publicDocument(catalog, services.clock.now());
    return conditionalResponse(request, tag, CACHE_CONTROL, () => body);
  },
});

/** As api.md says: a publish is seen through a cache within a minute. */
const CACHE_CONTROL = "public, max-age=60";

interface PublicDocument {
  readonly startedCount: number;
  readonly tag: string;
  readonly body: string;
}

/** The last encoding of each catalog: it changes only when a challenge starts, and takes milliseconds to make. */
const encoded = new WeakMap<Catalog, PublicDocument>();

/** Challenges only ever start: so their count says which ones are in the document. */
function publicDocument(catalog: Catalog, now: number): PublicDocument {
  const challenges = [...catalog.challenges.values()];
  const startedCount = challenges.filter((entry) => now >= entry.startsAtMs).length;
  const known = encoded.get(catalog);
  if (known?.startedCount === startedCount) return known;
  const made = {
    startedCount,
    tag: `"${catalog.version}.${startedCount}"`,
    body: JSON.stringify({ catalogVersion: catalog.version, ...publicCatalog(catalog, now) }),
  };
  encoded.set(catalog, made);
  return made;
}
