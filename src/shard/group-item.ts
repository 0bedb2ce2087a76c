import type { Operation } from "../core/operation.ts";
import type { PlayerKey } from "../core/player.ts";
import type { ApplyContext, Change } from "../core/reducer.ts";
import type { Resident } from "./resident.ts";
import type { FirstResult } from "./seen-table.ts";

/** One call's operation on its way into the journal. */
export interface GroupItem {
  /** 32 hex digits; see Dedup. */
  readonly id: string;
  readonly player: PlayerKey;
  /** Size in the journal, estimated upwards: a group must fit into one row. */
  readonly bytes: number;
  /**
   * The operation to journal, decided in the turn in which the group is written; null refuses it, and nothing is stored.
   * `resident` is undefined for a player who is not in memory.
   */
  decide(resident: Resident | undefined, context: ApplyContext): Operation | null;
  /** What a repeat is to be told of an item that `decide` refused; null: the repeat is decided anew. */
  refusal?(): FirstResult | null;
  /** Told what the operation changed; answers what a repeat of a command is to be told, null for an event. */
  applied?(resident: Resident, change: Change): FirstResult | null;
  /**
   * Runs in the same turn, after the group's write: what it writes is durable with the group, or not at all. `position`: where
   * the operation stands in the journal.
   */
  written?(position: number): void;
  /** The rules threw: the operation is not journaled. */
  failed(error: unknown): void;
}

/**
 * Bytes of an encoded item: its fixed part, and texts that take at most three bytes for each UTF-16 code unit, with their
 * quotation marks and a comma.
 */
export function itemBytes(fixedBytes: number, ...texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + 3 * text.length + 3, fixedBytes);
}
