import type { GoalRow, Rows } from "./player.ts";

/**
 * Rows with changes laid over them: what one operation reads and writes while it is applied.
 *
 * The rows underneath are never touched; whoever asked takes `changes()` and keeps or drops them.
 */
export class Draft {
  readonly #rows: Rows;
  readonly #changed = new Map<string, GoalRow>();
  #isErased = false;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  get(goalId: string): GoalRow | undefined {
    return this.#changed.get(goalId) ?? (this.#isErased ? undefined : this.#rows.get(goalId));
  }

  /** All rows as they stand now. */
  *all(): Iterable<GoalRow> {
    yield* this.#changed.values();
    if (this.#isErased) return;
    for (const row of this.#rows.values()) if (!this.#changed.has(row.goalId)) yield row;
  }

  set(row: GoalRow): void {
    this.#changed.set(row.goalId, row);
  }

  /** Drops every row; what is set afterwards is new. */
  erase(): void {
    this.#isErased = true;
    this.#changed.clear();
  }

  /** True when the rows underneath are gone. */
  get isErased(): boolean {
    return this.#isErased;
  }

  /** The changed rows, each once, in its last form. */
  changes(): GoalRow[] {
    return [...this.#changed.values()];
  }
}
