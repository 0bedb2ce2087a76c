import { createHash, timingSafeEqual } from "node:crypto";

import { expect, test } from "vitest";

import type { ApiKey } from "../../config.ts";
import { createServerKeys } from "./server-keys.ts";

function aKeyFor(secret: string, id: string): ApiKey {
  const sha256 = createHash("sha256").update(secret).digest("hex");
  return { id, sha256, namespace: "default", scopes: ["events:write"] };
}

const keys = createServerKeys(
  [aKeyFor("gk_old_s3cret", "old"), aKeyFor("gk_new_s3cret", "new")],
  timingSafeEqual,
);

test("two keys are valid at once, each under its own id", () => {
  expect(keys.find("gk_old_s3cret")?.id).toBe("old");
  expect(keys.find("gk_new_s3cret")?.id).toBe("new");
});

test("anything else is no key", () => {
  for (const presented of ["gk_old_s3cre", "gk_old_s3crett", "gk_old_", "gk_", "old_s3cret", ""]) {
    expect([presented, keys.find(presented)]).toEqual([presented, null]);
  }
});

test("every configured key is compared, whether or not one fits", () => {
  let comparisons = 0;
  const counted = createServerKeys(
    [aKeyFor("gk_a_1", "a"), aKeyFor("gk_b_2", "b"), aKeyFor("gk_c_3", "c")],
    (a, b) => {
      comparisons++;
      return timingSafeEqual(a, b);
    },
  );
  counted.find("gk_a_1");
  expect(comparisons).toBe(3);
});
