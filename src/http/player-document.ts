import type { Catalog, CatalogPointer } from "../core/catalog.ts";
import { documentTag } from "../core/document-tag.ts";
import type { ViewOptions } from "../core/goal-state.ts";
import type { PlayerKey, PlayerView } from "../core/player.ts";
import { conditionalResponse, PLAYER_CACHE_CONTROL } from "./conditional.ts";
import type { Call } from "./define-route.ts";
import type { EncodedJson } from "./json-response.ts";
import type { Services } from "./services.ts";

/** A player's call: what every player route hands on. */
export interface PlayerCall extends Call {
  readonly caller: PlayerKey;
}

/** A player joined with the catalog, at one instant. */
export interface PlayerReading {
  readonly catalog: Catalog;
  readonly view: PlayerView;
  readonly options: ViewOptions;
}

/** Reads the active catalog and the player's rows with every acknowledged operation applied. */
export async function readPlayer(
  { services, caller, exchange }: PlayerCall,
  filter: Pick<ViewOptions, "activeOnly" | "includeUpcoming"> = {},
): Promise<PlayerReading> {
  const { catalog, seq } = await services.catalogs.active(caller.namespace);
  const view = await services.players.view(caller, pointerTo(catalog, seq), exchange);
  // After the read: what the shard applied must not lie in this view's future.
  return { catalog, view, options: { ...viewOptionsNow(services), ...filter } };
}

/** The rules' now and the claim grace of this deployment. */
export function viewOptionsNow({ clock, config }: Services): ViewOptions {
  return { now: clock.now(), claimGraceMs: config.claimGraceMs };
}

/** Names a catalog to a shard. */
export function pointerTo(catalog: Catalog, seq: number): CatalogPointer {
  return { version: catalog.version, seq };
}

/** The document under its weak ETag (`expiresInSeconds` moves, the tag does not), or 304. */
export function playerDocumentResponse(
  { request, caller }: PlayerCall,
  { catalog, view, options }: PlayerReading,
  body: () => EncodedJson,
): Response {
  const filter = `${options.activeOnly === true ? "a" : ""}${options.includeUpcoming === true ? "u" : ""}`;
  const tag = `W/"${documentTag(catalog, caller, view, options)}${filter === "" ? "" : `.${filter}`}"`;
  return conditionalResponse(request, tag, PLAYER_CACHE_CONTROL, body);
}
