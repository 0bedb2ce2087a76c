import { expect, test } from "vitest";

import { createGrants } from "../../src/adapters/postgres/grants.ts";
import { createShardStore } from "../../src/adapters/postgres/shard-store.ts";
import { anAttempt } from "../../test/support/flush-builders.ts";
import { statementKind } from "./statement-kind.ts";

/** The kinds of the statements that the calls send. */
async function kindsOf(call: (database: RecordingDatabase) => Promise<unknown>): Promise<string[]> {
  const database = new RecordingDatabase();
  await call(database);
  return database.queries.map(statementKind);
}

class RecordingDatabase {
  readonly queries: string[] = [];

  async query(text: string): Promise<unknown[][]> {
    this.queries.push(text);
    return [];
  }
}

test("every statement of a shard is told by its text", async () => {
  const kinds = await kindsOf(async (database) => {
    const store = createShardStore(database);
    await store.flush(anAttempt({ shard: "s" })).catch(() => null);
    await store.load("s", [{ namespace: "default", userId: "ada" }]);
    await store.readFence("s");
    await store.createFence("s", "me", 0);
    await store.claimFence("s", "me", 1);
    await store.playersWithPendingGrants("s");
    await store.isGranted("g");
  });
  expect(kinds).toEqual(["flush", "load", "fence", "fence", "fence", "ledger", "ledger"]);
});

test("what the Worker asks is none of a shard's", async () => {
  const player = { namespace: "default", userId: "ada" };
  expect(await kindsOf((database) => createGrants(database).ofPlayer(player))).toEqual(["other"]);
  expect(statementKind("SELECT version FROM catalog_version")).toBe("other");
});
