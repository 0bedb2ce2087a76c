import { applyClaim } from "./apply-claim.ts";
import type { Catalog, GoalEntry } from "./catalog.ts";
import type { ClaimOperation } from "./claim-operation.ts";
import { Draft } from "./draft.ts";
import type { EventFacts, Operation } from "./operation.ts";
import type { GoalRow, GrantLine, Rows } from "./player.ts";
import { advance } from "./progress.ts";
import { resetRow } from "./reset.ts";
import { blankRow, rollDueAt, type RollMark, rollRows } from "./roll.ts";

/** What an operation is applied with; on a replay all of it comes from the journal. */
export interface ApplyContext {
  readonly catalog: Catalog;
  /** Arrival at the shard, epoch milliseconds; never decreases from one operation to the next. */
  readonly at: number;
}

/** A player as the reducer sees one. */
export interface PlayerState {
  readonly rows: Rows;
  /** Null: roll before anything else. */
  readonly rolled: RollMark | null;
}

/** What an operation changes: rows in their new form, and lines of the ledger. */
export interface Change {
  readonly rows: readonly GoalRow[];
  readonly grants: readonly GrantLine[];
  readonly rolled: RollMark;
  /** The rows from before are gone; `rows` are all that there is. */
  readonly isErased: boolean;
}

/**
 * Applies one operation to one player. Pure, total, and deterministic: the same state, operation and context always give
 * the same change. Every operation rolls the player first.
 */
export function apply(state: PlayerState, operation: Operation, context: ApplyContext): Change {
  const { draft, until } = rolledDraft(state, context);
  const grants = "claim" in operation ? [applyClaim(draft, operation, context)] : [];
  if (!("claim" in operation)) applyTo(draft, operation, context);
  const rows = draft.changes();
  const rolled = markAfter(rows, draft.isErased ? Infinity : until, context.catalog);
  return { rows, grants, rolled, isErased: draft.isErased };
}

/** The player's rows at `context.at`, in a draft that holds what the roll changed. */
export function rolledDraft(
  state: PlayerState,
  { catalog, at }: ApplyContext,
): { readonly draft: Draft; readonly until: number } {
  const draft = new Draft(state.rows);
  const mark = state.rolled;
  if (mark !== null && mark.catalogVersion === catalog.version && at < mark.until) {
    return { draft, until: mark.until };
  }
  for (const row of rollRows(catalog, state.rows, at)) draft.set(row);
  let until = Infinity;
  for (const goalId of state.rows.keys()) {
    const entry = catalog.goals.get(goalId);
    const row = draft.get(goalId);
    if (entry !== undefined && row !== undefined) until = Math.min(until, rollDueAt(entry, row));
  }
  return { draft, until };
}

function markAfter(rows: readonly GoalRow[], until: number, catalog: Catalog): RollMark {
  let earliest = until;
  for (const row of rows) {
    const entry = catalog.goals.get(row.goalId);
    if (entry !== undefined) earliest = Math.min(earliest, rollDueAt(entry, row));
  }
  return { catalogVersion: catalog.version, until: earliest };
}

function applyTo(
  draft: Draft,
  operation: Exclude<Operation, ClaimOperation>,
  context: ApplyContext,
): void {
  switch (operation.kind) {
    case "event":
      applyEvent(draft, operation.event, context);
      return;
    case "initialize":
      assignDefaults(draft, context);
      return;
    case "activate":
      setActive(draft, operation.goalId, operation.isActive, context);
      return;
    case "select":
      for (const goalId of operation.replaced) setActive(draft, goalId, false, context);
      for (const goalId of operation.goalIds) setActive(draft, goalId, true, context);
      return;
    case "reset":
      resetGoals(draft, operation.goalIds, context);
      return;
    case "erase":
      draft.erase();
      return;
  }
}

/** The goals that an event of this source and stat code may move, whoever the player is. */
export function goalsMovedBy(catalog: Catalog, event: EventFacts): readonly GoalEntry[] {
  if (event.source === "login") return catalog.loginGoals;
  return catalog.statisticGoals.get(event.statCode) ?? [];
}

function applyEvent(draft: Draft, event: EventFacts, { catalog, at }: ApplyContext): void {
  const eventTime = Math.min(event.timestamp ?? at, at);
  for (const entry of goalsMovedBy(catalog, event)) {
    const { startsAtMs, endsAtMs } = entry.challenge;
    if (eventTime < startsAtMs || eventTime >= endsAtMs) continue;
    const row = draft.get(entry.goal.goalId) ?? assignedRow(entry, at);
    if (row.isActive) draft.set(advance(entry, row, event, { eventTime, appliedAt: at }));
  }
}

/** A default goal's row comes into being with its first event, or by initialize. */
function assignedRow(entry: GoalEntry, at: number): GoalRow {
  const row = blankRow(entry, at);
  return row.isActive ? { ...row, assignedAt: at } : row;
}

/** True while the challenge's window is open: its default goals are assigned only then. */
export function isOpen(entry: GoalEntry, at: number): boolean {
  return at >= entry.challenge.startsAtMs && at < entry.challenge.endsAtMs;
}

function assignDefaults(draft: Draft, { catalog, at }: ApplyContext): void {
  for (const entry of catalog.defaultGoals) {
    const isMissing = draft.get(entry.goal.goalId) === undefined;
    if (isMissing && isOpen(entry, at)) draft.set(assignedRow(entry, at));
  }
}

function setActive(
  draft: Draft,
  goalId: string,
  isActive: boolean,
  { catalog, at }: ApplyContext,
): void {
  const entry = catalog.goals.get(goalId);
  if (entry === undefined) return;
  const stored = draft.get(goalId);
  const row = stored ?? blankRow(entry, at);
  // An active default goal without a row gets one: that is what assigns it.
  const isAssigned = !isActive || stored !== undefined;
  if (row.isActive === isActive && isAssigned) return;
  draft.set({ ...row, isActive, assignedAt: isActive ? at : row.assignedAt });
}

function resetGoals(draft: Draft, goalIds: readonly string[], { catalog, at }: ApplyContext): void {
  for (const goalId of goalIds) {
    const row = draft.get(goalId);
    if (row !== undefined) draft.set(resetRow(catalog.goals.get(goalId), row, at));
  }
}
