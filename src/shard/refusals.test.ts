import { describe, expect, test } from "vitest";

import { aCatalog, aGoal } from "../../test/support/builders.ts";
import { SimulatedShard } from "../../test/support/simulated-shard.ts";

/** Ids of the greatest length, in characters that take three bytes each. */
const WANTED = Array.from({ length: 60 }, (_, index) => `${index}`.padStart(100, "界"));
const CATALOG = aCatalog(
  aGoal({
    goalId: "last",
    defaultAssigned: true,
    prerequisites: WANTED,
    requirement: { progressMode: "count", targetValue: 1 },
  }),
  ...WANTED.map((goalId) => aGoal({ goalId, requirement: { statCode: "never" } })),
);
const CLAIM = {
  kind: "claim",
  challengeId: CATALOG.document.challenges[0]?.challengeId ?? "",
  goalId: "last",
} as const;

describe("refused commands", () => {
  test("that name much are cut to rows that SQLite can hold, however many meet in a group", async () => {
    const shard = new SimulatedShard(CATALOG);
    await shard.time.until(shard.event("e1", "ada"));
    const claims = Array.from({ length: 60 }, (_, key) => shard.command("ada", CLAIM, `${key}`));
    const answers = await shard.time.until(Promise.all(claims));
    for (const answer of answers) {
      expect(answer).toMatchObject({ ok: false, failure: { code: "PREREQUISITES_NOT_MET" } });
    }
    const sizes = shard.sql
      .all("SELECT length(CAST(results AS BLOB)) AS bytes FROM seen WHERE results IS NOT NULL")
      .map((row) => Number(row["bytes"]));
    expect(sizes.length).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThan(2_000_000);
  });

  test("are forgotten when their window is over, also in a shard that journals nothing", async () => {
    const shard = new SimulatedShard(CATALOG);
    shard.start({ dedup: { maxIds: 1_000, seconds: 10 } });
    const unknown = { ...CLAIM, goalId: "nowhere" };
    await shard.time.until(shard.command("ada", unknown, "k"));
    expect(shard.sql.all("SELECT row FROM seen")).toHaveLength(1);
    await shard.time.pass(11_000);
    await shard.time.until(shard.command("ada", unknown, "k2"));
    expect(shard.sql.all("SELECT row FROM seen")).toHaveLength(1);
  });
});
