/** What the product's statements are for, as far as a plan may choose among them. */
export const STATEMENT_KINDS = ["flush", "load", "fence", "ledger", "other"] as const;
export type StatementKind = (typeof STATEMENT_KINDS)[number];

/** What a shard alone sends; the rest is the Worker's: catalogs, readiness, a player's grants. */
export const SHARD_STATEMENTS: readonly StatementKind[] = ["flush", "load", "fence", "ledger"];

/** Tells a statement by its text; `other` for everything that no shard sends. */
export function statementKind(query: string): StatementKind {
  const found = SIGNS.find(([, sign]) => sign.test(query));
  return found === undefined ? "other" : found[0];
}

/** The first that fits counts: flushes and loads name the fence too. */
const SIGNS: readonly (readonly [StatementKind, RegExp])[] = [
  ["flush", /UPDATE shard_fence SET flush\b/],
  ["load", /FROM shard_fence f\s+LEFT JOIN/],
  ["fence", /\bshard_fence\b/],
  ["ledger", /FROM reward_grant WHERE (shard|grant_id) =/],
];
