import type { DurableOperation } from "./simulated-history.ts";
import { mustEqual } from "./simulated-promises.ts";
import type { SimulatedLetter } from "./simulated-store.ts";

/**
 * The player's operations that are in none of its letters, in order: what its rows must be the fold of.
 *
 * Throws when a letter holds what was never journaled, or what another one holds.
 */
export function outsideLetters(
  durable: readonly DurableOperation[],
  letters: readonly SimulatedLetter[],
): DurableOperation[] {
  const byPosition = new Map(durable.map((each) => [each.position, each]));
  for (const { draft } of letters) {
    for (const { position, at, catalog, operation } of draft?.operations ?? []) {
      const journaled = byPosition.get(position);
      const known = {
        at: journaled?.context.at,
        version: journaled?.context.catalog.version,
        operation: journaled?.operation,
      };
      const held = { at, version: catalog.version, operation };
      mustEqual(held, known, `A letter holds position ${position} otherwise, or a second time.`);
      byPosition.delete(position);
    }
  }
  return [...byPosition.values()];
}
