import { type Invariant, ledgerInvariant, rowInvariant } from "./invariant.ts";

/** What rows, ledger and dead letters must say of the shard that wrote them, whose name and marks its fence has. */
export const SHARD_INVARIANTS: readonly Invariant[] = [
  {
    name: "fence-is-in-order",
    why: "A fence never says that more of the journal is contained than was in use.",
    query: `SELECT 'shard ' || f.shard AS place,
        format('epoch=%s, flush=%s, upto=%s, high=%s', f.epoch, f.flush, f.upto, f.high) AS found
      FROM shard_fence f WHERE f.upto > f.high OR f.epoch < 1 OR f.flush < 0 OR f.upto < 0`,
  },
  rowInvariant(
    "row-is-below-fence",
    "A row holds operations up to a position that was in use: above the fence's high a new instance would give it away again.",
    {
      breach: noFenceAbove("p.shard", "p.applied"),
      shown: ["shard", "applied"],
    },
  ),
  ledgerInvariant(
    "line-has-shard",
    "A line belongs to a shard that has a fence: else nobody resumes it.",
    {
      breach: noFenceAbove("g.shard", "0"),
      shown: ["shard"],
    },
  ),
  {
    name: "dead-letter-is-below-fence",
    why: "What was put away are operations that had a position, as with rows.",
    query: `SELECT 'dead letter ' || d.id AS place, format('shard=%s, applied=%s', d.shard, d.applied) AS found
      FROM dead_letter d WHERE ${noFenceAbove("d.shard", "d.applied")}`,
  },
];

function noFenceAbove(shard: string, position: string): string {
  return `NOT EXISTS (SELECT FROM shard_fence f WHERE f.shard = ${shard} AND f.high >= ${position})`;
}
