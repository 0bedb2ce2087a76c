import { createHash } from "node:crypto";

import * as fc from "fast-check";
import { expect, test } from "vitest";

import { sha256Bytes, sha256Hex } from "./sha256.ts";

const anyText = fc.oneof(
  fc.string({ maxLength: 130 }),
  fc.string({ unit: "grapheme", maxLength: 130 }),
  fc.string({ minLength: 900, maxLength: 1_200 }),
);

test("a text's hash is that of its UTF-8 form, whatever was hashed before", () => {
  fc.assert(
    fc.property(fc.array(anyText, { minLength: 1 }), (texts) => {
      for (const text of texts) {
        const expected = createHash("sha256").update(text, "utf8");
        expect(sha256Hex(text)).toBe(expected.digest("hex"));
      }
    }),
  );
});

test("the bytes of a hash are the caller's own", () => {
  const first = sha256Bytes("first");
  const before = [...first];
  sha256Bytes("second");
  expect([...first]).toEqual(before);
});
