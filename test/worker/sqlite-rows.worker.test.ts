import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";

import { SQLITE_ROWS } from "../../loadtest/cost-model/measured.ts";
import type { GameEvent } from "../../src/core/operation.ts";
import type { Players } from "../../src/core/ports.ts";
import { RequestTally } from "../../src/core/request-tally.ts";
import { sha256Hex } from "../../src/sha256.ts";
import { createPlayers } from "../../src/shard/client.ts";
import { Dedup } from "../../src/shard/dedup.ts";
import { ObjectSql } from "../../src/shard/object-sql.ts";
import type { ShardLayout } from "../../src/shard/routing.ts";
import { systemClock } from "../../src/system-clock.ts";
import { anEvent } from "../support/player-builders.ts";
import { aShard, ShardInWorkerd } from "./shard-in-workerd.ts";
import { countRows, sumOf } from "./sqlite-rows.ts";

// What a deployment pays for most. docs/scaling.md and `npm run cost` count with these figures.

const PLAYERS = 20;

describe("what a shard writes to its own SQLite", () => {
  test("is the same for a group of one event and of a hundred, and for one flush and alarm", async () => {
    const shard = await aShard();
    await shard.sendOne("first", "ada");
    await shard.untilStored();
    const rows = await countRows(shard);
    await shard.sendOne("second", "ada");
    await shard.untilStored();
    const ofOne = rows.take();
    await shard.send(
      Array.from({ length: 100 }, (_, index) => ({ id: `e${index}`, userId: `p${index}` })),
    );
    await shard.untilStored();
    const ofHundred = rows.take();
    expect(ofOne).toEqual({ journal: 2, seen: 1, fence_seen: 1, journal_end: 1, alarm: 1 });
    expect(ofHundred).toEqual(ofOne);
    await forgetIds(shard);
    const forgotten = rows.take();
    // The three groups' rows in the window of ids; two of them were counted.
    expect(forgotten).toEqual({ seen: 3 });
    const { perGroup, perFlush, perAlarm } = SQLITE_ROWS;
    expect(sumOf(ofOne) + 1).toBe(perGroup + perFlush + perAlarm);
  });

  test("is more for a claim: the open grant, and the group of its outcome", async () => {
    const shard = await aShard();
    await shard.send(["a", "b", "c"].map((id) => ({ id, userId: "ada" })));
    await shard.untilStored();
    await forgetIds(shard);
    const rows = await countRows(shard);
    const claim = { kind: "claim", challengeId: "first-steps", goalId: "kills" } as const;
    expect(await shard.command("ada", claim, "key")).toMatchObject({ ok: true });
    await shard.untilStored();
    const written = rows.take();
    await forgetIds(shard);
    const forgotten = rows.take();
    expect(written).toEqual({
      journal: 4,
      // The groups of the claim and of its outcome, and the answer to the claim, which was pending at first.
      seen: 3,
      open_grant: 2,
      fence_seen: 1,
      journal_end: 1,
      alarm: 1,
    });
    expect(forgotten).toEqual({ seen: 2 });
    const { perFlush, perAlarm, perClaim } = SQLITE_ROWS;
    expect(sumOf(written) + sumOf(forgotten)).toBe(perClaim + perFlush + perAlarm);
  });

  test("is a few rows for each player that moves to another number of shards", async () => {
    const { namespace, pointer } = await aShard();
    const [random = 0] = crypto.getRandomValues(new Uint16Array(1));
    const old = { generation: 10 + random, count: 1 };
    const next = { generation: 11 + random, count: 1 };
    const olderShard = new ShardInWorkerd(`g${old.generation}-1-0`);
    const newerShard = new ShardInWorkerd(`g${next.generation}-1-0`);
    const send = async (layout: ShardLayout, id: string) => {
      const events = Array.from({ length: PLAYERS }, (_, index): GameEvent => ({
        id,
        userId: `p${index}`,
        ...anEvent({ inc: 1 }),
      }));
      const trace = { requestId: id, shard: null };
      await playersOf(layout).submitEvents(namespace, events, pointer, trace);
    };
    await send({ ...old, older: [] }, "before");
    await olderShard.untilStored();
    const olderRows = await countRows(olderShard);
    const newerRows = await countRows(newerShard);
    await send({ ...next, older: [old] }, "after");
    await newerShard.untilStored();
    const given = olderRows.take();
    const taken = newerRows.take();
    await forgetIds(newerShard);
    const forgotten = newerRows.take();
    expect(given).toEqual({ moved_player: 2 * PLAYERS });
    expect(taken).toMatchObject({ arrived_player: PLAYERS });
    // The ids that came along are one row for each player, once written and once deleted; the group of the event is another.
    expect(taken["seen"]).toBe(PLAYERS + 1);
    expect(forgotten).toEqual({ seen: PLAYERS + 1 });
    expect(2 + 1 + 2).toBe(SQLITE_ROWS.perMovedPlayer);
  });
});

function playersOf(layout: ShardLayout): Players {
  return createPlayers({
    shards: env.SHARDS,
    layout,
    digest: sha256Hex,
    tally: new RequestTally("worker"),
    clock: systemClock,
  });
}

/** Has the window of ids pass, as it does by itself after DEDUP_SECONDS. */
async function forgetIds({ stub }: ShardInWorkerd): Promise<void> {
  await runInDurableObject(stub, (_instance, { storage }) => {
    const dedup = new Dedup(new ObjectSql(storage), { maxIds: 1_000_000, seconds: 900 });
    dedup.trim(Date.now() + 901_000);
  });
}
