import type { Catalog, ChallengeEntry, GoalEntry } from "./catalog.ts";
import { decideClaim, type Digest } from "./claim.ts";
import type { Draft } from "./draft.ts";
import { type Outcome, refuse } from "./errors.ts";
import type { Operation, RulesCommand } from "./operation.ts";
import type { PlayerKey } from "./player.ts";
import { decideReset } from "./reset.ts";
import { blankRow } from "./roll.ts";
import { decideBatch, decideRandom } from "./selection.ts";

/** What the decision on a command rests on. */
export interface DecideContext {
  readonly catalog: Catalog;
  readonly at: number;
  readonly digest: Digest;
  /** How long after a challenge's end its completed goals stay visible and claimable. */
  readonly claimGraceMs: number;
  /** Numbers from 0 to below 1, for draws. */
  readonly random: () => number;
}

/**
 * Turns a command into the operation to journal, or into the reason why not. Pure; expects a rolled draft.
 *
 * A refusal changes nothing.
 */
export function decide(
  player: PlayerKey,
  command: RulesCommand,
  draft: Draft,
  context: DecideContext,
): Outcome<Operation> {
  switch (command.kind) {
    case "initialize":
    case "erase":
      return { ok: true, value: command };
    case "reset":
      return decideReset(command, context.catalog, draft);
    case "batch-select":
    case "random-select":
      return decideSelection(command, draft, context);
    case "activate":
    case "claim":
      return decideOnGoal(player, command, draft, context);
  }
}

function decideOnGoal(
  player: PlayerKey,
  command: Extract<RulesCommand, { kind: "activate" | "claim" }>,
  draft: Draft,
  context: DecideContext,
): Outcome<Operation> {
  const found = findGoal(context, command.challengeId, command.goalId);
  if (!found.ok) return found;
  const entry = found.value;
  if (command.kind === "activate") return { ok: true, value: command };
  const row = draft.get(command.goalId) ?? blankRow(entry, context.at);
  return decideClaim(player, entry, row, draft, context.at, context.digest);
}

function decideSelection(
  command: Extract<RulesCommand, { kind: "batch-select" | "random-select" }>,
  draft: Draft,
  context: DecideContext,
): Outcome<Operation> {
  const { catalog, at, random } = context;
  const found = findChallenge(context, command.challengeId);
  if (!found.ok) return found;
  const challenge = found.value;
  if (at >= challenge.endsAtMs) {
    // A selection after the end has nothing to choose from, whichever way it chooses.
    return refuse("INSUFFICIENT_GOALS", `Challenge ${command.challengeId} has ended.`);
  }
  return command.kind === "batch-select"
    ? decideBatch(command, challenge, catalog.goals, draft)
    : decideRandom(command, challenge, draft, random);
}

function findChallenge(
  { catalog, at, claimGraceMs }: Pick<DecideContext, "catalog" | "at" | "claimGraceMs">,
  challengeId: string,
): Outcome<ChallengeEntry> {
  const challenge = catalog.challenges.get(challengeId);
  return challenge !== undefined && isVisible(challenge, at, claimGraceMs)
    ? { ok: true, value: challenge }
    : refuse("CHALLENGE_NOT_FOUND", `There is no challenge ${challengeId}.`);
}

/** The goal of that challenge, where the challenge exists for players at this instant. */
function findGoal(
  context: Pick<DecideContext, "catalog" | "at" | "claimGraceMs">,
  challengeId: string,
  goalId: string,
): Outcome<GoalEntry> {
  const found = findChallenge(context, challengeId);
  if (!found.ok) return found;
  const entry = context.catalog.goals.get(goalId);
  if (entry === undefined || entry.challenge !== found.value) {
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
