import type { LetterDraft } from "../../src/core/dead-letter.ts";
import type { GrantLine } from "../../src/core/player.ts";
import type { FlushAttempt, PlayerSnapshot } from "../../src/core/shard-store.ts";
import { aRow } from "./builders.ts";
import { aPlayer } from "./player-builders.ts";

/** The first flush of a shard in epoch 1, of nobody; a wish overrides. */
export function anAttempt(wish: Partial<FlushAttempt> = {}): FlushAttempt {
  return {
    shard: "g1-1-0",
    epoch: 1,
    flush: 1,
    previous: 0,
    upto: 0,
    high: 0,
    players: [],
    ...wish,
  };
}

/** `aPlayer()` with one `aRow()`, contained up to position 1, without ledger lines. */
export function aSnapshot(wish: Partial<PlayerSnapshot> = {}): PlayerSnapshot {
  return {
    player: aPlayer(),
    applied: 1,
    isErased: false,
    rows: [aRow()],
    grants: [],
    letters: [],
    ...wish,
  };
}

/** A letter with one operation, at position 1. */
export function aLetter(wish: Partial<LetterDraft> = {}): LetterDraft {
  const catalog = { version: "1".repeat(64), seq: 1 };
  const operation = { position: 1, at: 1_000, catalog, operation: { kind: "initialize" } } as const;
  return { operations: [operation], rows: [], error: "It is no good.", ...wish };
}

/** A granted line of `aGoal()`, created at 1,000 and granted at 2,000. */
export function aGrantLine(wish: Partial<GrantLine> = {}): GrantLine {
  return {
    grantId: "grant-1",
    challengeId: "first-steps",
    goalId: "ten-kills",
    period: null,
    reward: { type: "WALLET", rewardId: "GOLD", quantity: 100 },
    state: "granted",
    attempts: 1,
    nextAttemptAt: null,
    lastError: null,
    createdAt: 1_000,
    grantedAt: 2_000,
    ...wish,
  };
}
