import type { Catalog } from "../core/catalog.ts";
import type { PlayerKey } from "../core/player.ts";
import type { StoredRow } from "../core/shard-store.ts";
import type { JournalEntry } from "./journal-group.ts";
import type { ShardMemory } from "./memory.ts";
import { playerName, Resident } from "./resident.ts";

/** A player as Postgres holds it. */
export interface StoredPlayer {
  readonly player: PlayerKey;
  readonly rows: readonly StoredRow[];
  /** Up to which position dead letters contain the player's operations; null without any. */
  readonly mark: number | null;
}

/** What players are built from. */
type Sources = Pick<ShardMemory, "journal" | "parked" | "shelf">;

/**
 * Players with their rows and everything that waited for them, each operation with its journaled instant and catalog; by
 * name. Nothing is changed but these players.
 *
 * The journal is read once for all of them: its groups hold operations of many players, and at a full journal each of them
 * decoded once per player would keep the object busy for a minute. An Error stands for a player whose part of the journal, or
 * a catalog that it names, cannot be read.
 */
export function buildResidents(
  sources: Sources,
  shard: string,
  stored: readonly StoredPlayer[],
): Map<string, Resident | Error> {
  try {
    return buildTogether(sources, shard, stored);
  } catch (error) {
    const [only] = stored;
    if (only === undefined) return new Map();
    if (stored.length === 1) return new Map([[playerName(only.player), asError(error)]]);
    // A row of the journal is damaged: who does not need it must not suffer.
    return new Map(stored.flatMap((one) => [...buildResidents(sources, shard, [one])]));
  }
}

function buildTogether(
  { journal, parked, shelf }: Sources,
  shard: string,
  stored: readonly StoredPlayer[],
): Map<string, Resident | Error> {
  const built = new Map<string, Resident | Error>();
  const contained = new Map<string, number>();
  for (const player of stored) {
    const resident = fromRows(player, shard);
    built.set(resident.name, resident);
    contained.set(resident.name, resident.applied);
  }
  const positions = [...built.keys()].flatMap((name) => parked.positionsOf(name));
  for (const entry of journal.read(positions.toSorted((a, b) => a - b))) {
    const name = playerName(entry.player);
    const resident = built.get(name);
    if (!(resident instanceof Resident) || entry.position <= (contained.get(name) ?? 0)) continue;
    try {
      replay(resident, entry, shelf.byVersion(entry.catalog.version));
    } catch (error) {
      built.set(name, asError(error));
    }
  }
  return built;
}

function fromRows({ player, rows, mark }: StoredPlayer, shard: string): Resident {
  const resident = new Resident(player);
  for (const row of rows) resident.install(row, shard);
  if (mark !== null) resident.installMark(mark);
  return resident;
}

/** Applies an operation as it was journaled, or puts it into a letter when the rules throw at it. */
function replay(resident: Resident, entry: JournalEntry, catalog: Catalog): void {
  const { position, at, operation } = entry;
  try {
    resident.commit(resident.prepare(operation, { catalog, at }), position);
  } catch (error) {
    resident.setAside({ position, at, catalog: entry.catalog, operation }, error);
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
