import { FLUSH_PLAYERS_MAX, LETTERS_IN_A_ROW_MAX, SET_ASIDE_MS } from "./limits.ts";
import type { Resident } from "./resident.ts";

/** Of whom the next flush is planned. */
interface Candidates {
  /** The one whose rows go into a dead letter first, if there is one; then the oldest operation first. */
  readonly players: readonly Resident[];
  readonly playersMax: number;
  /** Why the first player's rows are to go into a letter; null: they are to be written. */
  readonly letterFor: string | null;
  /** The first position that is held back, because its player is set aside; null: none is. */
  readonly heldSince: number | null;
}

interface SetAside {
  readonly until: number;
  readonly error: string;
}

/**
 * Finds the players whose rows Postgres refuses for what they hold, by flushing fewer and fewer at a time.
 *
 * One that was refused alone gets a dead letter next. One whose letter is refused too, or who has no rows to put there, or
 * who is one of too many in a row, is set aside for a while: it holds the fence back, and nobody else.
 */
export class RefusedPlayers {
  #playersMax = FLUSH_PLAYERS_MAX;
  readonly #alone = new Map<string, string>();
  readonly #aside = new Map<string, SetAside>();
  #lettersInARow = 0;

  /** Why players are set aside; null: none is. */
  get trouble(): string | null {
    const [first] = this.#aside.values();
    if (first === undefined) return null;
    return `Postgres refuses ${this.#aside.size} players, also with dead letters: ${first.error}`;
  }

  /** `dirty`: the oldest operation first. `now`: epoch milliseconds of the real clock. */
  choose(dirty: readonly Resident[], now: number): Candidates {
    const isHeld = ({ name }: Resident) => (this.#aside.get(name)?.until ?? 0) > now;
    const free = dirty.filter((resident) => !isHeld(resident));
    const heldSince = dirty.find(isHeld)?.dirtySince ?? null;
    const refused = free.find(({ name }) => this.#alone.has(name));
    if (refused === undefined) {
      return { players: free, playersMax: this.#playersMax, letterFor: null, heldSince };
    }
    const others = free.filter((resident) => resident !== refused);
    const letterFor = this.#alone.get(refused.name) ?? null;
    return { players: [refused, ...others], playersMax: 1, letterFor, heldSince };
  }

  /** A statement with these players was refused for what it holds. Answers who is set aside for it; null: nobody yet. */
  refuse(players: readonly Resident[], error: string, now: number): Resident | null {
    const [first, ...others] = players;
    if (others.length > 0) this.#playersMax = Math.ceil(players.length / 2);
    if (first === undefined || others.length > 0) return null;
    const { name } = first;
    const mayHaveLetter = first.unstoredRows > 0 && this.#lettersInARow < LETTERS_IN_A_ROW_MAX;
    if (mayHaveLetter && !this.#alone.has(name)) {
      this.#alone.set(name, error);
      return null;
    }
    this.#alone.delete(name);
    this.#aside.set(name, { until: now + SET_ASIDE_MS, error });
    return first;
  }

  /**
   * What these players hold is in Postgres, in a letter or in so many rows. Only rows show that Postgres takes rows: an
   * operation that changes none gets through whatever is wrong with their table.
   */
  stored(names: readonly string[], isLetter: boolean, rows: number): void {
    if (isLetter) this.#lettersInARow++;
    else if (rows > 0) this.#lettersInARow = 0;
    this.#playersMax = Math.min(FLUSH_PLAYERS_MAX, this.#playersMax * 2);
    for (const name of names) {
      this.#alone.delete(name);
      this.#aside.delete(name);
    }
  }
}
