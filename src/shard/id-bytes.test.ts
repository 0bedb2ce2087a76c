import * as fc from "fast-check";
import { expect, test } from "vitest";

import { decodeIds, encodeIds } from "./id-bytes.ts";

const anyId = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((bytes) => Buffer.from(bytes).toString("hex"));

test("ids come back as they were, in order, and take 16 bytes each", () => {
  fc.assert(
    fc.property(fc.array(anyId), (ids) => {
      const bytes = encodeIds(ids);
      expect(bytes.byteLength).toBe(16 * ids.length);
      expect(decodeIds(bytes)).toEqual(ids);
    }),
  );
});
