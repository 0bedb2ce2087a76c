import type { GoalState } from "./goal-state.ts";

/**
 * The end of a goal as JSON, from its state's first field to the closing brace.
 *
 * By hand, since a document has many: the values are numbers, flags, and text of our own making that needs no escapes.
 */
export function goalStateText(state: GoalState): string {
  const late = state.lateClaim === null ? "null" : JSON.stringify(state.lateClaim);
  return (
    `"progress":${state.progress},"status":"${state.status}","isActive":${state.isActive},` +
    `"locked":${state.locked},"assignedAt":${quoted(state.assignedAt)},` +
    `"completedAt":${quoted(state.completedAt)},"claimedAt":${quoted(state.claimedAt)},` +
    `"expiresAt":${quoted(state.expiresAt)},"expiresInSeconds":${state.expiresInSeconds},` +
    `"claimPending":${state.claimPending},"lateClaim":${late}}`
  );
}

function quoted(text: string | null): string {
  return text === null ? "null" : `"${text}"`;
}
