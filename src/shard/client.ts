import type { Digest } from "../core/claim.ts";
import { FailureError, type Outcome } from "../core/errors.ts";
import type { PlayerKey } from "../core/player.ts";
import type { Players, RequestTrace, ShardStatus } from "../core/ports.ts";
import type { CallOrigin } from "./call-origin.ts";
import type { ShardOutcome } from "./handed-over.ts";
import { commandOperationId } from "./operation-id.ts";
import { shardNames, shardOf, type ShardLayout } from "./routing.ts";
import { callShard } from "./rpc.ts";
import type { ShardObject } from "./shard-object.ts";
import { submitEvents } from "./submit-events.ts";

/** What the Worker's side of the shards is made from. */
export interface PlayersOptions {
  readonly shards: DurableObjectNamespace<ShardObject>;
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
export function createPlayers({ shards, layout, digest }: PlayersOptions): Players {
  return {
    view: async (player, _pointer, trace) => {
      const outcome = await callPlayer({ shards, layout }, player, trace, (shard, origin) =>
        shard.view(player, origin),
      );
      return valueOf(outcome);
    },
    command: async (player, command, commandId, pointer, trace) => {
      const id = commandOperationId(digest, player, command, commandId);
      return callPlayer({ shards, layout }, player, trace, (shard, origin) =>
        shard.command(player, command, id, pointer, origin),
      );
    },
    submitEvents: (namespace, events, pointer, trace) =>
      submitEvents({ shards, layout, digest }, { namespace, events, pointer }, trace),
    shardStatuses: ({ requestId }, more = []) => {
      const names = new Set([...[layout, ...layout.older].flatMap(shardNames), ...more]);
      return Promise.all([...names].map((name) => statusOf(shards, name, { requestId, layout })));
    },
  };
}

async function callPlayer<T>(
  { shards, layout }: Pick<PlayersOptions, "shards" | "layout">,
  player: PlayerKey,
  trace: RequestTrace,
  call: (shard: DurableObjectStub<ShardObject>, origin: CallOrigin) => Promise<ShardOutcome<T>>,
): Promise<Outcome<T>> {
  const { requestId } = trace;
  let origin: CallOrigin = { requestId, layout };
  for (let moves = 0; ; moves++) {
    const name = (trace.shard = shardOf(player, origin.layout));
    const answer = await callShard(shards, name, origin, call);
    if (!("movedTo" in answer) || moves === MOVES_MAX) return answer;
    origin = { requestId, layout: answer.movedTo };
  }
}

async function statusOf(
  shards: PlayersOptions["shards"],
  name: string,
  own: CallOrigin,
): Promise<ShardStatus> {
  const outcome = await callShard(shards, name, own, async (shard, origin) => ({
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
