import type { LetterOperation } from "../core/dead-letter.ts";
import type { PlayerKey } from "../core/player.ts";
import type { FlushAttempt, PlayerSnapshot } from "../core/shard-store.ts";
import type { FlushPlan } from "./flush-plan.ts";
import type { Journal } from "./journal.ts";
import { LETTER_BYTES_MAX, LETTER_OPERATIONS_MAX } from "./limits.ts";
import type { Resident } from "./resident.ts";

/** A plan, with the reason why the rows of its only player go into a dead letter; null: they do not. */
export interface PlannedFlush extends FlushPlan<Resident> {
  readonly letterFor: string | null;
}

/** What to do when it turns out that an attempt has committed; the rows themselves need not be kept. */
export interface OpenFlush {
  readonly upto: number;
  readonly players: readonly {
    readonly player: PlayerKey;
    readonly applied: number;
    /** How many dead letters of the player the attempt brings. */
    readonly letters: number;
  }[];
  /** The players' rows went into a letter: what is in memory of them is not what Postgres has. */
  readonly isLetter: boolean;
}

/** An attempt's place in the order of attempts. */
type AttemptMarks = Pick<FlushAttempt, "shard" | "epoch" | "flush" | "previous" | "high">;

/** Takes what Postgres lacks of the planned players, as it stands now. */
export function takeAttempt(
  { players, letterFor, ...plan }: PlannedFlush,
  marks: AttemptMarks,
  journal: Pick<Journal, "read">,
): { readonly attempt: FlushAttempt; readonly open: OpenFlush } {
  const isLetter = letterFor !== null;
  let { upto } = plan;
  const parts = players.map((resident) => {
    if (!isLetter) return resident.snapshot();
    const part = letterPart(resident, journal, letterFor);
    // What did not fit into the letter is not in Postgres either.
    const [next] = resident.pendingAfter(part.applied);
    if (next !== undefined) upto = Math.min(upto, next - 1);
    return part;
  });
  const members = parts.map(({ player, applied, letters }) => ({
    player,
    applied,
    letters: letters.length,
  }));
  return {
    attempt: { ...marks, upto, players: parts },
    open: { upto, players: members, isLetter },
  };
}

/**
 * The player's part with a dead letter in place of its rows. The ledger's lines are written all the same: what was paid
 * must be known, whatever becomes of the rows.
 */
function letterPart(
  resident: Resident,
  journal: Pick<Journal, "read">,
  error: string,
): PlayerSnapshot {
  const whole = resident.snapshot();
  const { operations, isCut } = firstOperations(journal, resident.pendingInRows);
  // The player was erased since, and has done nothing after that.
  if (operations.length === 0) return whole;
  const applied = isCut ? (operations.at(-1)?.position ?? whole.applied) : whole.applied;
  const letter = { operations, rows: whole.rows, error };
  const letters = [...resident.letters.draftsUpTo(applied), letter];
  return { ...whole, applied, rows: [], letters };
}

/** As many operations as one letter holds, at least one. */
function firstOperations(
  journal: Pick<Journal, "read">,
  positions: readonly number[],
): { readonly operations: LetterOperation[]; readonly isCut: boolean } {
  const operations: LetterOperation[] = [];
  let bytes = 0;
  for (const entry of journal.read(positions.slice(0, LETTER_OPERATIONS_MAX))) {
    const { position, at, catalog, operation } = entry;
    bytes += JSON.stringify(operation).length;
    if (bytes > LETTER_BYTES_MAX && operations.length > 0) break;
    operations.push({ position, at, catalog, operation });
  }
  return { operations, isCut: operations.length < positions.length };
}
