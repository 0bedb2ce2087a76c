import { randomAt } from "../faults/random.ts";

/** What a reward service does with a delivery. */
export const REWARD_FATES = [
  /** Credits, and says so. */
  "fine",
  /** 503, and nothing was credited. */
  "unavailable",
  /** 429, and nothing was credited. */
  "busy",
  /** 422: this delivery will not be paid. One that comes later under the same key may be. */
  "reject",
  /** Credits, and the connection ends without an answer. */
  "drop",
  /** Credits, and answers when the caller has given up. */
  "late",
  /** Credits only after the caller has given up; repeats that come meanwhile are told 409. */
  "slow",
  /** Never answers, and credits nothing. */
  "hang",
] as const;
export type RewardFate = (typeof REWARD_FATES)[number];

/** A fate that keeps the caller for its whole timeout takes one of the shard's two slots for so long: it is rare. */
const CHANCES: readonly (readonly [RewardFate, number])[] = [
  ["unavailable", 0.1],
  ["busy", 0.04],
  ["reject", 0.05],
  ["drop", 0.18],
  ["late", 0.025],
  ["slow", 0.025],
  ["hang", 0.025],
];

/** The fate of the n-th delivery; nearly half of them do not end well. Pure. */
export function rewardFateOf(seed: number, delivery: number): RewardFate {
  let left = randomAt(seed, delivery);
  for (const [fate, chance] of CHANCES) {
    left -= chance;
    if (left < 0) return fate;
  }
  return "fine";
}
