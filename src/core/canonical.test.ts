import { createHash } from "node:crypto";

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { aChallenge, aGoal } from "../../test/support/builders.ts";
import { canonicalJson, catalogVersion } from "./canonical.ts";
import { parseCatalog } from "./parse-catalog.ts";

describe("canonicalJson", () => {
  it("sorts members by key at every depth and keeps the order of lists", () => {
    const value = { b: [3, { z: null, a: true }, 1], a: "ü\n", B: 0.1 };
    expect(canonicalJson(value)).toBe('{"B":0.1,"a":"ü\\n","b":[3,{"a":true,"z":null},1]}');
  });

  it("writes each number in one way", () => {
    expect(canonicalJson([1e21, 1e-7, -0, 10.0, 4.5])).toBe("[1e+21,1e-7,0,10,4.5]");
  });

  it("says the same as JSON.parse has read, for any JSON", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        const value: unknown = JSON.parse(text);
        expect(canonicalJson(JSON.parse(canonicalJson(value)))).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it.each([undefined, Number.NaN, Infinity, 1n])("refuses %s, which JSON cannot hold", (value) => {
    expect(() => canonicalJson({ value })).toThrow(TypeError);
  });
});

describe("catalogVersion", () => {
  const document = { challenges: [aChallenge()] };

  it("is the SHA-256 of the canonical text", async () => {
    const version = await catalogVersion(document, sha256);
    expect(version).toMatch(/^[0-9a-f]{64}$/);
    expect(version).toBe(sha256(canonicalJson(document)));
  });

  it("is the same for a document with its keys in another order", async () => {
    const { goalId, ...rest } = aGoal();
    const reordered = { challenges: [{ ...aChallenge(), goals: [{ ...rest, goalId }] }] };
    expect(await catalogVersion(reordered, sha256)).toBe(await catalogVersion(document, sha256));
  });

  it("is the same for a document that was parsed again", async () => {
    const again = parseCatalog(document);
    if (!again.ok) throw new Error(JSON.stringify(again.problems));
    expect(await catalogVersion(again.document, sha256)).toBe(
      await catalogVersion(document, sha256),
    );
  });

  it("is another one when a single target differs", async () => {
    const goals = [aGoal({ requirement: { targetValue: 11 } })];
    const other = { challenges: [aChallenge({ goals })] };
    expect(await catalogVersion(other, sha256)).not.toBe(await catalogVersion(document, sha256));
  });
});

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
