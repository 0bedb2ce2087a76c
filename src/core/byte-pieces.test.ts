import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { BytePieces } from "./byte-pieces.ts";

const utf8 = new TextEncoder();

describe("joined pieces", () => {
  it("are the UTF-8 of the texts and the bytes, in their order", () => {
    const anyPiece = fc.oneof(
      fc.uint8Array(),
      fc.string({ unit: "binary" }),
      fc.constantFrom("", "é", "☃", "😀😀", "\u{10ffff}"),
    );
    fc.assert(
      fc.property(fc.array(anyPiece), (all) => {
        const pieces = new BytePieces();
        for (const piece of all) {
          if (typeof piece === "string") pieces.addText(piece);
          else pieces.add(piece);
        }
        const expected = all.map((piece) =>
          typeof piece === "string" ? utf8.encode(piece) : piece,
        );
        expect(pieces.join()).toEqual(Uint8Array.from(expected.flatMap((bytes) => [...bytes])));
      }),
    );
  });

  it("are in memory of their own: who changes them changes no piece", () => {
    const piece = Uint8Array.of(1, 2, 3);
    const pieces = new BytePieces();
    pieces.add(piece.subarray(0, 2));
    pieces.join().fill(9);
    expect([...piece]).toEqual([1, 2, 3]);
  });

  it("have U+FFFD where a text has half a character", () => {
    const pieces = new BytePieces();
    pieces.addText("a\ud800b");
    expect([...pieces.join()]).toEqual([0x61, 0xef, 0xbf, 0xbd, 0x62]);
  });
});
