import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { findCircles } from "./find-circles.ts";

describe("findCircles", () => {
  it("finds none in a chain, a diamond, or needs of unknown names", () => {
    expect(circlesOf({ a: ["b", "c"], b: ["d"], c: ["d"], d: [], e: ["nobody"] })).toEqual([]);
  });

  it("names a circle once, along its needs, wherever it is entered", () => {
    expect(circlesOf({ start: ["a"], other: ["b"], a: ["b"], b: ["c"], c: ["a"] })).toEqual([
      ["a", "b", "c"],
    ]);
  });

  it("names two separate circles", () => {
    expect(circlesOf({ a: ["b"], b: ["a"], c: ["d"], d: ["c"] })).toEqual([
      ["a", "b"],
      ["c", "d"],
    ]);
  });

  it("walks a chain of any length", () => {
    const names = Array.from({ length: 50_000 }, (_, index) => String(index));
    const chain = new Map(names.map((name, index) => [name, [String(index + 1)]]));
    expect(findCircles(chain)).toEqual([]);
    chain.set("49999", ["0"]);
    expect(findCircles(chain)).toEqual([names]);
  });

  it("tells of a circle exactly when some name needs itself in the end", () => {
    const anyNeeds = fc.array(fc.array(fc.nat(7), { maxLength: 3 }), {
      minLength: 8,
      maxLength: 8,
    });
    fc.assert(
      fc.property(anyNeeds, (lists) => {
        const needs = new Map(lists.map((list, index) => [String(index), list.map(String)]));
        const circles = findCircles(needs);
        expect(circles.length > 0).toBe(
          [...needs.keys()].some((name) => reaches(name, name, needs)),
        );
        for (const circle of circles) {
          circle.forEach((name, index) => {
            expect(needs.get(name)).toContain(circle[(index + 1) % circle.length]);
          });
        }
        expect(new Set(circles.flat()).size).toBe(circles.flat().length);
      }),
      { numRuns: 300 },
    );
  });
});

function circlesOf(needs: Record<string, string[]>): string[][] {
  return findCircles(new Map(Object.entries(needs)));
}

function reaches(from: string, to: string, needs: ReadonlyMap<string, readonly string[]>): boolean {
  const seen = new Set<string>();
  const next = [...(needs.get(from) ?? [])];
  for (const name of next) {
    if (name === to) return true;
    if (seen.has(name)) continue;
    seen.add(name);
    next.push(...(needs.get(name) ?? []));
  }
  return false;
}
