import type { Digest } from "../core/claim.ts";
import { FailureError, type Outcome, refuse } from "../core/errors.ts";
import type { PlayerKey } from "../core/player.ts";
import type { Players, RequestTrace, ShardStatus } from "../core/ports.ts";
import type { CallContext } from "./call-origin.ts";
import { commandOperationId } from "./operation-id.ts";
import { readShard } from "./read-shard.ts";
import { shardNames, shardOf, type ShardLayout } from "./routing.ts";
import { type ShardCall, ShardCaller, type ShardCallerOptions } from "./shard-caller.ts";
import { submitEvents } from "./submit-events.ts";

/** What the Worker's side of the shards is made from. */
export interface PlayersOptions extends ShardCallerOptions {
  readonly layout: ShardLayout;
  readonly digest: Digest;
}

/** A call follows its player this often: each time to a newer generation. */
const MOVES_MAX = 3;

/**
 * The players' shards over RPC.
 *
 * A call whose answer was lost is sent again under the same operation ids, so that it takes effect once. A call for a player
 * whom a newer generation has is sent there.
 */
export function createPlayers(options: PlayersOptions): Players {
  const { layout, digest } = options;
  const caller = new ShardCaller(options);
  const names = [layout, ...layout.older].flatMap(shardNames);
  return {
    view: async (player, _pointer, trace) => {
      const outcome = await callPlayer(caller, layout, player, trace, (shard, origin) =>
        shard.view(player, origin),
      );
      return valueOf(outcome);
    },
    command: async (player, command, commandId, pointer, trace) => {
      const id = commandOperationId(digest, player, command, commandId);
      return callPlayer(caller, layout, player, trace, (shard, origin) =>
        shard.command(player, command, id, pointer, origin),
      );
    },
    submitEvents: (namespace, events, pointer, trace) =>
      submitEvents({ caller, layout, digest }, { namespace, events, pointer }, trace),
    retryLetter: (letter, pointer, trace) =>
      callPlayer(caller, layout, letter.player, trace, (shard, origin) =>
        shard.retryLetter(letter, pointer, origin),
      ),
    shardStatuses: ({ requestId }, more = []) => {
      const all = new Set([...names, ...more]);
      return Promise.all([...all].map((name) => statusOf(caller, name, { requestId, layout })));
    },
    resumeShard: async (shard, id, isDryRun, { requestId }) =>
      names.includes(shard)
        ? caller.call(shard, { requestId, layout }, (object) => object.resume(id, isDryRun))
        : refuse("NOT_FOUND", `This deployment has no shard ${shard}.`),
    shardMetrics: ({ requestId }) =>
      Promise.all(names.map((name) => readShard(caller, name, { requestId, layout }))),
  };
}

async function callPlayer<T>(
  caller: ShardCaller,
  layout: ShardLayout,
  player: PlayerKey,
  trace: RequestTrace,
  call: ShardCall<T>,
): Promise<Outcome<T>> {
  const { requestId } = trace;
  let context: CallContext = { requestId, layout };
  for (let moves = 0; ; moves++) {
    const name = (trace.shard = shardOf(player, context.layout));
    const answer = await caller.call(name, context, call);
    if (!("movedTo" in answer) || moves === MOVES_MAX) return answer;
    context = { requestId, layout: answer.movedTo };
  }
}

async function statusOf(
  caller: ShardCaller,
  name: string,
  context: CallContext,
): Promise<ShardStatus> {
  const outcome = await caller.call(name, context, async (shard, origin) => ({
    ok: true,
    value: await shard.status(origin),
  }));
  if (outcome.ok) return outcome.value;
  return {
    shard: name,
    epoch: null,
    journalDepth: 0,
    oldestAgeMs: 0,
    dirtyPlayers: 0,
    parkedPlayers: 0,
    lastFlushAt: null,
    lastError: outcome.failure.detail,
  };
}

function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new FailureError(outcome.failure);
}
