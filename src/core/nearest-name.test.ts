import { describe, expect, it } from "vitest";

import { nearestName } from "./nearest-name.ts";

describe("nearestName", () => {
  it.each([
    ["a wrong letter", "daisy", "daily"],
    ["a missing letter", "wekly", "weekly"],
    ["a letter too much", "monthhly", "monthly"],
    ["two letters swapped", "dialy", "daily"],
    ["other capitals", "MONTHLY", "monthly"],
    ["a swap at the very start", "adily", "daily"],
    ["a letter missing at the end", "weekl", "weekly"],
  ])("sees through %s", (_, name, meant) => {
    expect(nearestName(name, ["daily", "weekly", "monthly"])).toBe(meant);
  });

  it("prefers the closest, and the first of equally close ones", () => {
    expect(nearestName("goal-13", ["goal-31", "goal-12", "goal-14"])).toBe("goal-31");
    expect(nearestName("season-one", ["season-ten", "season-ones"])).toBe("season-ones");
  });

  it.each(["hourly", "x", "", "season"])("has no guess for %j", (name) => {
    expect(nearestName(name, ["daily", "weekly", "monthly"])).toBeNull();
  });

  it("allows one edit in three letters", () => {
    expect(nearestName("abc", ["abd"])).toBe("abd");
    expect(nearestName("abcde", ["abxye"])).toBeNull();
    expect(nearestName("abcdef", ["abxyef"])).toBe("abxyef");
  });

  it("compares long names that differ in a few places", () => {
    const long = "ab".repeat(45);
    expect(nearestName(`b${long}`, [`${long}x`])).toBe(`${long}x`);
    expect(nearestName(`bcd${long}`, [`${long}xyz`])).toBeNull();
  });
});
