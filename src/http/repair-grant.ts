import { type Failure, FailureError } from "../core/errors.ts";
import type { RepairGrant } from "../core/operation.ts";
import type { GrantLine } from "../core/player.ts";
import type { LedgerEntry } from "../core/ports.ts";
import type { Call } from "./define-route.ts";
import { grantShape } from "./grant-shape.ts";
import { jsonResponse } from "./json-response.ts";
import { pointerTo } from "./player-document.ts";
import { runCommand } from "./run-command.ts";

/**
 * Repairs a grant on its player's shard: the ledger says whose it is, the shard whether it is open.
 *
 * Throws FailureError NOT_FOUND for a grant that the namespace's ledger does not know; ALREADY_CLAIMED or CONFLICT for one
 * that is settled.
 */
export async function repairGrant(
  call: Call,
  namespace: string,
  grantId: string,
  repair: RepairGrant["repair"],
): Promise<Response> {
  const entry = GRANT_ID.test(grantId) ? await call.services.grants.find(namespace, grantId) : null;
  if (entry === null) {
    throw new FailureError({ code: "NOT_FOUND", detail: "The ledger has no such grant." });
  }
  const { userId, line } = entry;
  // A line loses its name when it is settled after an erasure: there is no player to ask, and nothing left to repair.
  if (userId === null) throw new FailureError(settled(line));
  const player = { namespace, userId };
  try {
    const command = { kind: "repair-grant", grantId, repair } as const;
    const { result } = await runCommand(call, player, command, "repair-grant");
    return jsonResponse(grantShape(result.line, userId));
  } catch (error) {
    const isSettled = error instanceof FailureError && error.failure.code === "CONFLICT";
    throw isSettled ? new FailureError(settled(await currentLine(call, namespace, entry))) : error;
  }
}

/** SHA-256 in lower-case hex: nothing else is the id of a grant. */
const GRANT_ID = /^[0-9a-f]{64}$/;

/** The shard may have settled it just now, and be ahead of Postgres still. */
async function currentLine(
  { services, exchange }: Call,
  namespace: string,
  { userId, line }: LedgerEntry,
): Promise<GrantLine> {
  const { catalog, seq } = await services.catalogs.active(namespace);
  const player = { namespace, userId: userId ?? "" };
  const view = await services.players.view(player, pointerTo(catalog, seq), exchange);
  const ahead = view.ahead?.lines.find(({ grantId }) => grantId === line.grantId);
  return ahead ?? (await services.grants.find(namespace, line.grantId))?.line ?? line;
}

function settled({ grantId, state, grantedAt, goalId }: GrantLine): Failure {
  if (state === "granted") {
    const detail = `Grant ${grantId} was paid: goal ${goalId} is claimed.`;
    return { code: "ALREADY_CLAIMED", detail, extra: { claimedAt: grantedAt, grantId } };
  }
  const detail = `Grant ${grantId} is ${state} and not open any more: there is nothing to repair.`;
  return { code: "CONFLICT", detail, extra: { grantId, state } };
}
