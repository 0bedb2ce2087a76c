import * as z from "zod";

/** What is read of a .cpuprofile. */
export const CPU_PROFILE = z.looseObject({
  nodes: z.array(
    z.looseObject({
      id: z.number(),
      callFrame: z.looseObject({
        functionName: z.string(),
        url: z.string(),
        lineNumber: z.number(),
        columnNumber: z.number(),
      }),
    }),
  ),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});
export type CpuProfile = z.infer<typeof CPU_PROFILE>;

/** A function and the time that it took itself, without those that it called. */
export interface SelfTime {
  readonly name: string;
  readonly selfMs: number;
  /** Of the time in which the isolate did not idle. */
  readonly share: number;
}

/** Where a place of the bundle comes from: a file and line of ours or of a package; null when unknown. */
export type PlaceOf = (frame: {
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}) => string | null;

/**
 * The functions that took most time themselves, the most first.
 *
 * `(program)` is native code outside of any function: HTTP, SQLite, waiting for the disk.
 */
export function selfTimes(profile: CpuProfile, placeOf: PlaceOf, count: number): SelfTime[] {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
  const byName = new Map<string, number>();
  let totalMs = 0;
  for (const [index, node] of profile.samples.entries()) {
    const frame = nodes.get(node);
    if (frame === undefined || frame.functionName === "(idle)") continue;
    const milliseconds = (profile.timeDeltas[index] ?? 0) / 1000;
    const place = placeOf(frame);
    const own = frame.functionName === "" ? "(anonymous)" : frame.functionName;
    const name = place === null ? own : `${own}, ${place}`;
    byName.set(name, (byName.get(name) ?? 0) + milliseconds);
    totalMs += milliseconds;
  }
  return [...byName]
    .map(([name, selfMs]) => ({ name, selfMs, share: selfMs / totalMs }))
    .toSorted((a, b) => b.selfMs - a.selfMs)
    .slice(0, count);
}
