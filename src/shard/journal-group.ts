import type { CatalogPointer } from "../core/catalog.ts";
import type { Operation } from "../core/operation.ts";
import type { PlayerKey } from "../core/player.ts";
import { numberOf, type SqlValue, textOf } from "./sql.ts";

/** An operation with the player it belongs to, before it has a position. */
export interface PlayerOperation {
  readonly player: PlayerKey;
  readonly operation: Operation;
}

/** The active catalog of each namespace in a group. */
export type GroupCatalogs = Readonly<Record<string, CatalogPointer>>;

/** What all operations of one group share: all that a replay needs to give the same result again. */
export interface GroupFacts {
  /** Arrival at the shard, epoch milliseconds; never decreases. */
  readonly at: number;
  /** The epoch in which the group was accepted; null before the fence was claimed. */
  readonly epoch: number | null;
  readonly catalogs: GroupCatalogs;
}

/** An operation as the journal gives it back. */
export interface JournalEntry extends PlayerOperation {
  readonly position: number;
  readonly at: number;
  readonly epoch: number | null;
  readonly catalog: CatalogPointer;
}

/** A group's operations as SQLite holds them; what all of them share stands in columns beside it. */
interface GroupBody {
  readonly players: readonly (readonly [string, string])[];
  readonly operations: readonly (readonly [number, Operation])[];
}

/** The body of a group; each player's name is in it once, as long as the same object names the player. */
export function encodeGroup(operations: readonly PlayerOperation[]): string {
  const players: [string, string][] = [];
  const indexes = new Map<PlayerKey, number>();
  const encoded = operations.map(({ player, operation }): [number, Operation] => {
    let index = indexes.get(player);
    if (index === undefined) {
      index = players.push([player.namespace, player.userId]) - 1;
      indexes.set(player, index);
    }
    return [index, operation];
  });
  const body: GroupBody = { players, operations: encoded };
  return JSON.stringify(body);
}

/** The entries of a row of the journal. Throws when the row is damaged. */
export function* decodeGroup(row: Record<string, SqlValue>): Iterable<JournalEntry> {
  const first = numberOf(row, "first");
  const at = numberOf(row, "at");
  const epoch = row["epoch"] === null ? null : numberOf(row, "epoch");
  const catalogs = decodeCatalogs(row);
  const body: GroupBody = JSON.parse(textOf(row, "body"));
  const keys = body.players.map(([namespace, userId]): PlayerKey => ({ namespace, userId }));
  for (const [offset, [index, operation]] of body.operations.entries()) {
    const player = keys[index];
    const catalog = player === undefined ? undefined : catalogs[player.namespace];
    if (player === undefined || catalog === undefined) {
      throw new Error(`The journal's group ${first} is damaged.`);
    }
    yield { position: first + offset, at, epoch, player, operation, catalog };
  }
}

/** The versions of these catalogs. */
export function versionsOf(catalogs: GroupCatalogs): string[] {
  return Object.values(catalogs).map(({ version }) => version);
}

/** The catalogs that a row of the journal names. */
export function decodeCatalogs(row: Record<string, SqlValue>): GroupCatalogs {
  const catalogs: GroupCatalogs = JSON.parse(textOf(row, "catalogs"));
  return catalogs;
}
