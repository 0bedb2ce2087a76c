import { expect, test } from "vitest";

import { askPostgres } from "./real-postgres.ts";
import { aShard, PATIENCE_MS, type ShardInWorkerd } from "./shard-in-workerd.ts";

async function resume(shard: ShardInWorkerd, id: string): Promise<unknown> {
  return shard.stub.resume(id, false);
}

test.each([
  {
    what: "is behind",
    sql: "UPDATE shard_fence SET upto = $2, flush = $3, epoch = $4 WHERE shard = $1",
  },
  {
    what: "is missing",
    sql: "DELETE FROM shard_fence WHERE shard = $1 AND $2::bigint + $3::bigint + $4::bigint > 0",
  },
])("a shard whose fence $what goes on in a new instance once it is resumed", async ({ sql }) => {
  const shard = await aShard();
  await shard.sendOne("e1", "ada");
  await shard.untilStored();
  const { upto, flush, epoch } = (await shard.fence()) ?? {};
  await shard.sendOne("e2", "ada");
  await shard.untilStored();
  await askPostgres(sql, shard.name, Number(upto), Number(flush), Number(epoch));
  await askPostgres(
    "UPDATE user_goal_progress SET event_count = 1, progress = 1, applied = $2 WHERE shard = $1",
    shard.name,
    Number(upto),
  );
  await askPostgres("UPDATE shard_fence SET high = upto WHERE shard = $1", shard.name);
  await shard.sendOne("e3", "ada");
  const answer = await resume(shard, "r1");
  expect(answer).toMatchObject({ ok: true, value: { isResumed: true, resendableIds: 1 } });
  const sent = async () => shard.sendOne("e2", "ada").catch(() => null);
  await expect.poll(sent, { timeout: PATIENCE_MS }).toBe("accepted");
  expect(await resume(shard, "r1")).toEqual(answer);
  for (const id of ["e1", "e2", "e3"]) expect(await shard.sendOne(id, "ada")).toBe("duplicate");
  expect(await shard.counted("ada")).toBe(3);
  await shard.untilStored();
  expect(await shard.stored("ada")).toBe(3);
  expect(await shard.status()).toMatchObject({ lastError: null });
});
