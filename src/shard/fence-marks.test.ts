import { expect, test } from "vitest";

import { SimulatedSql } from "../../test/support/simulated-sql.ts";
import { FenceMarks } from "./fence-marks.ts";

test("the last flush outlives the instance, and a claim of the fence does not touch it", () => {
  const sql = new SimulatedSql();
  const marks = new FenceMarks(sql);
  expect(marks.flushedAt).toBeNull();
  marks.remember({ epoch: 1, flush: 1, upto: 5 }, 1_000);
  marks.remember({ epoch: 2, flush: 1, upto: 5 });
  expect(new FenceMarks(sql)).toMatchObject({ epoch: 2, flushedAt: 1_000 });
});

test("marks of an object that knew no time of its last flush are read", () => {
  const sql = new SimulatedSql();
  sql.run(
    "CREATE TABLE fence_seen (one INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, flush INTEGER NOT NULL, upto INTEGER NOT NULL)",
  );
  sql.run("INSERT INTO fence_seen VALUES (1, 3, 7, 9)");
  const marks = new FenceMarks(sql);
  expect(marks).toMatchObject({ epoch: 3, flushedAt: null });
  expect(marks.isBehind({ epoch: 3, flush: 6, upto: 9 })).toBe(true);
});
