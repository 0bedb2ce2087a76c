import type { GoalRow, Rows } from "./player.ts";

/**
 * Rows with changes laid over them: what one operation reads and writes while it is applied.
 *
 * The rows underneath are never touched; whoever asked takes `changes()` and keeps or drops them.
 */
export class Draft {
  readonly #rows: Rows;
  readonly #changed = new Map<string, GoalRow>();

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  get(goalId: string): GoalRow | undefined {
    return this.#changed.get(goalId) ?? this.#rows.get(goalId);
  }

  set(row: GoalRow): void {
    this.#changed.set(row.goalId, row);
  }

  /** The changed rows, each once, in its last form. */
  changes(): GoalRow[] {
    return [...this.#changed.values()];
  }
}
