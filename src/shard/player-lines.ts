import { isUnsettled } from "../core/ledger-line.ts";
import type { GrantLine } from "../core/player.ts";

const NAMELESS = { isAnonymous: true } as const;

/** The ledger's lines of a player in memory that Postgres lacks, each with the position that changed it last. */
export class PlayerLines {
  readonly #byGrant = new Map<string, { readonly line: GrantLine; readonly position: number }>();

  get all(): GrantLine[] {
    return [...this.#byGrant.values()].map(({ line }) => line);
  }

  /** Whether a line that Postgres lacks says that this grant was paid. */
  isGranted(grantId: string): boolean {
    return this.#byGrant.get(grantId)?.line.state === "granted";
  }

  put(line: GrantLine, position: number): void {
    // What was granted stays granted, also when it is claimed again after an erasure.
    if (this.isGranted(line.grantId)) return;
    // A settled line that lost its name with an erasure does not get it back by being settled otherwise.
    const isNameless = this.#byGrant.get(line.grantId)?.line.isAnonymous === true;
    const nameless = isNameless && !isUnsettled(line.state) ? NAMELESS : {};
    this.#byGrant.set(line.grantId, { line: { ...line, ...nameless }, position });
  }

  /** The player was erased: lines lose their name as soon as their grant is settled. */
  erase(position: number): void {
    for (const [grantId, { line }] of this.#byGrant) {
      if (isUnsettled(line.state)) continue;
      this.#byGrant.set(grantId, { line: { ...line, ...NAMELESS }, position });
    }
  }

  /** Postgres contains every operation up to `applied`. */
  stored(applied: number): void {
    for (const [grantId, { position }] of this.#byGrant) {
      if (position <= applied) this.#byGrant.delete(grantId);
    }
  }
}
