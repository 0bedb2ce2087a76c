import type { ShardMetrics } from "../core/shard-metrics.ts";
import type { Labels } from "./open-metrics.ts";

/** A family of plain numbers that every shard has, and where they are found. */
export interface ShardFamily {
  readonly name: string;
  readonly help: string;
  readonly unit?: "seconds" | "bytes";
  /** By labels; the shard's is added. */
  readonly read: (metrics: ShardMetrics) => readonly (readonly [Labels, number])[];
}

/** A family with one number per shard. */
export function one(value: number): readonly (readonly [Labels, number])[] {
  return [[{}, value]];
}

/** A family with a number for each value of a label. */
export function labelled(
  label: string,
  entries: readonly (readonly [string, number])[],
): readonly (readonly [Labels, number])[] {
  return entries.map(([text, value]) => [{ [label]: text }, value]);
}
