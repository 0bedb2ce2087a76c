import type { IsolateProfile } from "../profile/profiler.ts";
import { type PlaceOf, selfTimes } from "../profile/self-time.ts";
import type { Block } from "./blocks.ts";
import { formatMs, formatShare } from "./format.ts";

const FUNCTIONS_SHOWN = 20;

/** The functions that took most time themselves, isolate by isolate. */
export function profileBlocks(profiles: readonly IsolateProfile[], placeOf: PlaceOf): Block[] {
  return profiles.flatMap(({ isolate, profile }): Block[] => {
    const top = selfTimes(profile, placeOf, FUNCTIONS_SHOWN);
    if (top.length === 0) return [];
    return [
      { kind: "heading", text: `CPU profile: ${isolate}` },
      {
        kind: "table",
        head: ["function", "self time", "share"],
        rows: top.map(({ name, selfMs, share }) => [name, formatMs(selfMs), formatShare(share)]),
      },
    ];
  });
}
