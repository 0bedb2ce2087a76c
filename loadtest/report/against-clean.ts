import type { GeneratorResult } from "../generator/plan.ts";
import type { Block } from "./blocks.ts";
import { LATENCY_ROWS } from "./comparison.ts";
import { latencyOf } from "./figures.ts";
import { formatMs } from "./format.ts";

/** A full database may cost a fifth more. */
const RATIO_TARGET = 1.2;

/** The same load on a full and on a clean database, p95 beside p95. */
export function againstClean(dirty: GeneratorResult, clean: GeneratorResult): Block[] {
  const rows = LATENCY_ROWS.flatMap(({ name, endpoint }) => {
    const [before, after] = [clean, dirty].map((each) => latencyOf(each, endpoint));
    if (before === undefined || after === undefined || before.count * after.count === 0) return [];
    const [cleanP95, dirtyP95] = [before.percentile(0.95), after.percentile(0.95)];
    const ratio = dirtyP95 / cleanP95;
    return [
      [
        name,
        formatMs(cleanP95),
        formatMs(dirtyP95),
        ratio.toFixed(2),
        ratio <= RATIO_TARGET ? "yes" : "no",
      ],
    ];
  });
  return [
    { kind: "heading", text: "Against a clean database" },
    { kind: "table", head: ["p95", "clean", "this run", "ratio", `≤ ${RATIO_TARGET}`], rows },
  ];
}
