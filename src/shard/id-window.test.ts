import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { IdWindow } from "./id-window.ts";

/** Ids that share their first word collide in the index: short probe runs would show nothing. */
function idOf(number: number): string {
  const word = (value: number) => value.toString(16).padStart(8, "0");
  return word(number % 7) + word(0) + word(0) + word(number);
}

const TAGS = 5;

type Act = { readonly add: number } | { readonly drop: number };

const anyActs: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ add: fc.nat({ max: 300 }) }) },
    { weight: 1, arbitrary: fc.record({ drop: fc.nat({ max: 40 }) }) },
  ),
  { minLength: 1, maxLength: 400, size: "max" },
);

describe("the window of ids", () => {
  test("behaves as a queue with a number and a tag on each id", () => {
    fc.assert(
      fc.property(anyActs, (acts) => {
        const window = new IdWindow();
        const queue: { id: string; number: number }[] = [];
        let added = 0;
        for (const act of acts) {
          if ("drop" in act) {
            window.dropOldest(act.drop);
            queue.splice(0, act.drop);
            continue;
          }
          const id = idOf(act.add);
          const isNew = queue.every((entry) => entry.id !== id);
          expect(window.add(id, act.add % TAGS)).toBe(isNew);
          if (isNew) queue.push({ id, number: added++ });
        }
        expect(window.size).toBe(queue.length);
        for (let tag = 0; tag < TAGS; tag++) {
          const own = queue.filter(({ id }) => Number.parseInt(id.slice(24), 16) % TAGS === tag);
          expect(window.idsOf(tag)).toEqual(own.map(({ id }) => id));
        }
        for (let number = 0; number <= 300; number++) {
          const id = idOf(number);
          const expected = queue.find((entry) => entry.id === id)?.number ?? -1;
          expect(window.sequenceOf(id)).toBe(expected);
          expect(window.has(id)).toBe(expected >= 0);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("goes round its ring and grows in the middle of a round without losing an id", () => {
    const window = new IdWindow();
    let oldest = 0;
    let next = 0;
    // 900 in, 700 out, again and again: the ring of 1,024 wraps, then doubles twice.
    for (let round = 0; round < 20; round++) {
      for (let count = 0; count < 900; count++) window.add(idOf(next++), 0);
      const dropped = round < 10 ? 900 : 700;
      window.dropOldest(dropped);
      oldest += dropped;
      expect(window.size).toBe(next - oldest);
      for (const number of [oldest, Math.floor((oldest + next) / 2), next - 1]) {
        const isIn = number >= oldest && number < next;
        expect(window.sequenceOf(idOf(number))).toBe(isIn ? number : -1);
      }
      expect(window.has(idOf(oldest - 1))).toBe(false);
    }
  });

  test("forgets everything when more is dropped than there is, and goes on", () => {
    const window = new IdWindow();
    window.add(idOf(1), 0);
    window.dropOldest(10);
    expect(window.size).toBe(0);
    expect(window.add(idOf(1), 0)).toBe(true);
    expect(window.sequenceOf(idOf(1))).toBe(1);
  });
});
