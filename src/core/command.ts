import type { Catalog, GoalEntry } from "./catalog.ts";
import { decideClaim, type Digest } from "./claim.ts";
import type { Draft } from "./draft.ts";
import { type Outcome, refuse } from "./errors.ts";
import type { Command, Operation } from "./operation.ts";
import type { PlayerKey } from "./player.ts";
import { blankRow } from "./roll.ts";

/** What the decision on a command rests on. */
export interface DecideContext {
  readonly catalog: Catalog;
  readonly at: number;
  readonly digest: Digest;
  /** How long after a challenge's end its completed goals stay visible and claimable. */
  readonly claimGraceMs: number;
}

/**
 * Turns a command into the operation to journal, or into the reason why not. Pure; expects a rolled draft.
 *
 * A refusal changes nothing.
 */
export function decide(
  player: PlayerKey,
  command: Command,
  draft: Draft,
  context: DecideContext,
): Outcome<Operation> {
  if (command.kind === "initialize") return { ok: true, value: command };
  const found = findGoal(context, command.challengeId, command.goalId);
  if (!found.ok) return found;
  const entry = found.value;
  if (command.kind === "activate") return { ok: true, value: command };
  const row = draft.get(command.goalId) ?? blankRow(entry, context.at);
  return decideClaim(player, entry, row, draft, context.at, context.digest);
}

/** The goal of that challenge, where the challenge exists for players at this instant. */
function findGoal(
  context: Pick<DecideContext, "catalog" | "at" | "claimGraceMs">,
  challengeId: string,
  goalId: string,
): Outcome<GoalEntry> {
  const challenge = context.catalog.challenges.get(challengeId);
  if (challenge === undefined || !isVisible(challenge, context.at, context.claimGraceMs)) {
    return refuse("CHALLENGE_NOT_FOUND", `There is no challenge ${challengeId}.`);
  }
  const entry = context.catalog.goals.get(goalId);
  if (entry === undefined || entry.challenge !== challenge) {
    return refuse("GOAL_NOT_FOUND", `Challenge ${challengeId} has no goal ${goalId}.`);
  }
  return { ok: true, value: entry };
}

/** Players see a challenge from its start until its claims close. */
export function isVisible(
  challenge: { readonly startsAtMs: number; readonly endsAtMs: number },
  at: number,
  claimGraceMs: number,
): boolean {
  return at >= challenge.startsAtMs && at < challenge.endsAtMs + claimGraceMs;
}
