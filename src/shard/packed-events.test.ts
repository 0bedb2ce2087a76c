import { expect, test } from "vitest";

import type { EventBatch } from "./event-calls.ts";
import { packBatch, unpackBatch } from "./packed-events.ts";

test("a batch comes out of its packed form as it went in", () => {
  const batch: EventBatch = {
    namespace: "arena",
    pointer: { version: "v1", seq: 3 },
    events: [
      {
        id: "a1",
        userId: "anna",
        facts: { source: "login", statCode: "login", latestValue: null, inc: 1, timestamp: null },
      },
      {
        id: "b2",
        userId: "bert",
        facts: { source: "statistic", statCode: "wins", latestValue: 7, inc: null, timestamp: 12 },
      },
    ],
  };
  expect(unpackBatch(structuredClone(packBatch(batch)))).toEqual(batch);
});
