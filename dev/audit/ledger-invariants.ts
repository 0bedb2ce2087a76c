import { grantIds } from "./grant-key.ts";
import { type Invariant, ledgerInvariant } from "./invariant.ts";

const LINE = { namespace: "g.namespace", userId: "g.user_id", goalId: "g.goal_id" };

/** Rounds that are tried for a line. The row may be gone with the round that it had; nobody resets a goal that often. */
const ROUNDS_TRIED_MAX = 99;

/** What must hold within one line of reward_grant. */
export const LEDGER_INVARIANTS: readonly Invariant[] = [
  ledgerInvariant("granted-has-instant", "A line says when it was paid exactly when it was.", {
    breach: "(g.state = 'granted') <> (g.granted_at IS NOT NULL) OR g.granted_at < g.created_at",
    shown: ["created_at", "granted_at"],
  }),
  ledgerInvariant(
    "line-is-payable",
    "A reward has an amount, and nobody is asked a negative number of times.",
    {
      breach: "NOT (g.quantity > 0 AND g.quantity < 'Infinity') OR g.attempts < 0",
      shown: ["quantity", "attempts"],
    },
  ),
  ledgerInvariant(
    "grant-id-is-its-completion",
    "A grant id is the hash of what it is for, so that one completion is never paid for under two ids.",
    {
      // Erased players' lines have no name that one could hash.
      breach: `g.user_id <> '' AND NOT EXISTS (
        SELECT FROM generate_series(0, ${ROUNDS_TRIED_MAX}) AS r(round)
        WHERE g.grant_id = ANY(${grantIds({ ...LINE, period: "g.period", round: "r.round" })}))`,
      shown: ["period"],
    },
  ),
];
