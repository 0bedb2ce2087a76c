import type { ArrivingPlayer } from "./arriving-player.ts";
import type { Dedup } from "./dedup.ts";
import type { HandedOver } from "./handed-over.ts";
import { decodeIds } from "./id-bytes.ts";
import type { ShardMemory } from "./memory.ts";
import { playerName, playerTag } from "./resident.ts";
import type { FirstResult, TaggedId } from "./seen-table.ts";

/** Ids and results to a row of the window: a SQLite row holds 2 MB, an id takes 20 bytes, a result up to 3,500. */
const IDS_PER_ROW_MAX = 50_000;
const RESULTS_PER_ROW_MAX = 300;

/**
 * Notes that a player belongs here, with what its older shards knew and no row tells: ids, first results, retries of
 * letters, open grants, doubts, an erasure.
 *
 * Call it inside one atomic write. Ids that are known here already stay as they are.
 */
export function takeOver(memory: ShardMemory, arriving: ArrivingPlayer, realNow: number): void {
  const { dedup, retried, openGrants, grantDoubts, erasedPlayers, arrived } = memory;
  const { player, given, grants, waitsFor } = arriving;
  for (const one of given) {
    addIds(dedup, playerTag(player), one, realNow);
    if (one.retried !== undefined) retried.take(player, decodeIds(one.retried));
  }
  for (const grant of grants) openGrants.take(grant);
  for (const { doubts } of given) if (doubts !== undefined) grantDoubts.take(player, doubts);
  if (given.some(({ wasErased }) => wasErased)) erasedPlayers.take(player);
  arrived.note(playerName(player), waitsFor);
}

function addIds(dedup: Dedup, tag: number, given: HandedOver, realNow: number): void {
  const known = new Map(given.results.map(({ id, result }) => [id, result]));
  let ids: TaggedId[] = [];
  let results = new Map<string, FirstResult>();
  for (const id of decodeIds(given.ids)) {
    if (ids.length === IDS_PER_ROW_MAX || results.size === RESULTS_PER_ROW_MAX) {
      dedup.add(ids, results, realNow);
      ids = [];
      results = new Map();
    }
    ids.push({ id, tag });
    const result = known.get(id);
    if (result !== undefined) results.set(id, result);
  }
  dedup.add(ids, results, realNow);
}
