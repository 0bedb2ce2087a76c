import type { Catalog } from "../core/catalog.ts";
import { FailureError } from "../core/errors.ts";
import type { Command, CommandResult } from "../core/operation.ts";
import type { PlayerKey, PlayerView } from "../core/player.ts";
import { commandIdOf } from "./command-id.ts";
import type { Call } from "./define-route.ts";
import { pointerTo } from "./player-document.ts";

/** A command's result of the kind that was asked for, with the player right after it and the catalog that the Worker named. */
export interface CommandAnswerOf<Kind extends CommandResult["kind"]> {
  readonly result: Extract<CommandResult, { kind: Kind }>;
  readonly view: PlayerView;
  readonly catalog: Catalog;
}

/**
 * Runs a command on its player's shard, under the caller's Idempotency-Key if there is one.
 *
 * Throws FailureError with what the shard, or the rules, refused it for.
 */
export async function runCommand<Kind extends CommandResult["kind"]>(
  call: Call,
  player: PlayerKey,
  command: Command,
  kind: Kind,
): Promise<CommandAnswerOf<Kind>> {
  const { catalogs, players } = call.services;
  const commandId = commandIdOf(call);
  const { catalog, seq } = await catalogs.active(player.namespace);
  const pointer = pointerTo(catalog, seq);
  const outcome = await players.command(player, command, commandId, pointer, call.exchange);
  if (!outcome.ok) throw new FailureError(outcome.failure);
  const { result, view } = outcome.value;
  if (!isOfKind(result, kind)) throw new Error(`${command.kind} was answered as ${result.kind}.`);
  return { result, view, catalog };
}

function isOfKind<Kind extends CommandResult["kind"]>(
  result: CommandResult,
  kind: Kind,
): result is Extract<CommandResult, { kind: Kind }> {
  return result.kind === kind;
}
