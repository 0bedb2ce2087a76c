import type { Resident } from "./resident.ts";

/** All that a plan looks at. */
type DirtyPlayer = Pick<Resident, "dirtySince" | "unstoredRows">;

/** What a plan is made from. */
export interface FlushState<Player extends DirtyPlayer> {
  /** Players that hold operations which Postgres lacks, the oldest operation first. */
  readonly dirty: readonly Player[];
  /** The smallest position that waits for its player to be loaded; null when none does. */
  readonly parkedSince: number | null;
  /** The last position in use. */
  readonly last: number;
  /** How far the fence says that Postgres contains everybody's operations. */
  readonly upto: number;
  readonly rowsMax: number;
  readonly playersMax: number;
}

export interface FlushPlan<Player extends DirtyPlayer> {
  readonly players: readonly Player[];
  /** Where the fence may move: below every operation that is neither contained yet nor in this flush. */
  readonly upto: number;
  /** Dirty players that did not fit. */
  readonly leftOut: number;
}

/**
 * Chooses which players go into the next flush, and how far it may move the fence. Pure.
 *
 * Takes the oldest dirty players up to a limit of rows; at least one player, whatever its size, so that there is always
 * progress. The rest, and everything parked, holds the fence back.
 */
export function planFlush<Player extends DirtyPlayer>(
  state: FlushState<Player>,
): FlushPlan<Player> {
  const players: Player[] = [];
  let rows = 0;
  for (const resident of state.dirty) {
    const isFull = rows + resident.unstoredRows > state.rowsMax;
    if (players.length >= state.playersMax || (isFull && players.length > 0)) break;
    players.push(resident);
    rows += resident.unstoredRows;
  }
  // The dirty ones are sorted: the first that was left out is the oldest of them.
  const leftOutSince = state.dirty[players.length]?.dirtySince ?? Infinity;
  const heldBackAt = Math.min(leftOutSince, state.parkedSince ?? Infinity);
  const upto = heldBackAt === Infinity ? state.last : heldBackAt - 1;
  const leftOut = state.dirty.length - players.length;
  return { players, upto: Math.max(state.upto, upto), leftOut };
}
