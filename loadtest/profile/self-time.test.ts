import { expect, test } from "vitest";

import { selfTimes } from "./self-time.ts";

function node(id: number, functionName: string, lineNumber = 0) {
  return { id, callFrame: { functionName, url: "worker.js", lineNumber, columnNumber: 0 } };
}

test("self times add up over calls of one function, idle time left out, the largest first", () => {
  const profile = {
    nodes: [node(1, "(idle)"), node(2, "a"), node(3, "b"), node(4, "a"), node(5, "")],
    samples: [1, 2, 3, 4, 5, 1],
    timeDeltas: [9_000, 1_000, 3_000, 1_000, 5_000, 9_000],
  };
  expect(selfTimes(profile, () => null, 2)).toEqual([
    { name: "(anonymous)", selfMs: 5, share: 0.5 },
    { name: "b", selfMs: 3, share: 0.3 },
  ]);
});

test("functions of one minified name in different places stay apart", () => {
  const profile = {
    nodes: [node(1, "e", 10), node(2, "e", 20)],
    samples: [1, 2],
    timeDeltas: [1_000, 1_000],
  };
  const names = selfTimes(profile, ({ lineNumber }) => `src/file.ts:${lineNumber}`, 5);
  expect(names.map(({ name }) => name)).toEqual(["e, src/file.ts:10", "e, src/file.ts:20"]);
});
