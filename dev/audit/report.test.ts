import { expect, test } from "vitest";

import { reportLines } from "./report.ts";

test("a report lists findings, says how many it leaves out, and what they mean", () => {
  const invariant = { name: "rows-are-even", why: "Odd ones roll away.", query: "" };
  const broken = [
    { invariant, count: 3, findings: [{ place: 'arena player "ada"', found: "row=1" }] },
  ];
  expect(reportLines({ broken, counts: { rows: 4, players: 2 } }, 20)).toEqual([
    'rows-are-even: arena player "ada": row=1',
    "rows-are-even: and 2 more",
    "3 × rows-are-even: Odd ones roll away.",
    "3 findings; 1 of 20 invariants are broken.",
    "Looked at: rows 4, players 2.",
  ]);
});

test("a report warns of dead letters that nobody has settled", () => {
  const lines = reportLines({ broken: [], counts: { rows: 4, "open dead letters": 2 } }, 20);
  expect(lines).toEqual([
    "Warning: 2 dead letters wait for an operator.",
    "Clean: all of 20 invariants hold.",
    "Looked at: rows 4, open dead letters 2.",
  ]);
});
