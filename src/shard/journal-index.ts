import { decodeCatalogs, versionsOf } from "./journal-group.ts";
import { numberOf, type SqlValue } from "./sql.ts";

/** Where one group of the journal stands, and what it takes. */
export interface GroupIndex {
  /** Position of its first operation. */
  first: number;
  readonly count: number;
  readonly bytes: number;
  readonly at: number;
  epoch: number | null;
  /** The catalog versions that its operations were applied with. */
  readonly versions: readonly string[];
}

/** How much the journal holds. */
export interface JournalSize {
  readonly operations: number;
  readonly bytes: number;
}

/** The journal's table of contents in memory: the groups in order of position, without their operations. */
export class JournalIndex {
  #groups: GroupIndex[] = [];
  #operations = 0;
  #bytes = 0;

  get size(): JournalSize {
    return { operations: this.#operations, bytes: this.#bytes };
  }

  /** Arrival of the oldest group; null when there is none. */
  get oldestAt(): number | null {
    return this.#groups[0]?.at ?? null;
  }

  /** Every catalog version that a group names. */
  get versions(): ReadonlySet<string> {
    return new Set(this.#groups.flatMap((group) => group.versions));
  }

  /** The groups that were accepted before the fence was claimed; always the newest. */
  get withoutEpoch(): readonly GroupIndex[] {
    return this.#groups.filter((group) => group.epoch === null);
  }

  /** Adds a group after all others. */
  add(group: GroupIndex): void {
    this.#groups.push(group);
    this.#operations += group.count;
    this.#bytes += group.bytes;
  }

  /** Drops the groups that end at or below a position; answers the last of them, undefined when there are none. */
  dropUpTo(position: number): GroupIndex | undefined {
    let dropped = 0;
    for (const group of this.#groups) {
      if (lastOf(group) > position) break;
      this.#operations -= group.count;
      this.#bytes -= group.bytes;
      dropped++;
    }
    const last = this.#groups[dropped - 1];
    if (last !== undefined) this.#groups = this.#groups.slice(dropped);
    return last;
  }

  /** Arrival of the operation at a position; null when the journal does not hold it any more. */
  arrivalOf(position: number): number | null {
    return this.find(position)?.at ?? null;
  }

  /** The group that holds a position. Throws when none does. */
  groupOf(position: number): GroupIndex {
    const group = this.find(position);
    if (group === undefined) {
      throw new Error(`The journal holds no operation at position ${position}.`);
    }
    return group;
  }

  /** The same; undefined when none does. */
  find(position: number): GroupIndex | undefined {
    let low = 0;
    let high = this.#groups.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const group = this.#groups[middle];
      if (group === undefined) break;
      if (position < group.first) high = middle - 1;
      else if (position > lastOf(group)) low = middle + 1;
      else return group;
    }
    return undefined;
  }
}

/** A group's place and size, from its row without the body. */
export function readGroupIndex(row: Record<string, SqlValue>): GroupIndex {
  return {
    first: numberOf(row, "first"),
    count: numberOf(row, "count"),
    bytes: numberOf(row, "bytes"),
    at: numberOf(row, "at"),
    epoch: row["epoch"] === null ? null : numberOf(row, "epoch"),
    versions: versionsOf(decodeCatalogs(row)),
  };
}

/** Position of a group's last operation. */
export function lastOf(group: Pick<GroupIndex, "first" | "count">): number {
  return group.first + group.count - 1;
}
