import { expect, test } from "vitest";

import { parseOpenMetrics } from "../../test/support/open-metrics-parser.ts";
import { openMetricsText } from "./open-metrics.ts";

test("each type of family is written as OpenMetrics has it", () => {
  const text = openMetricsText([
    { name: "a", type: "info", help: "What it is.", samples: [{ labels: { v: "1" }, value: 1 }] },
    { name: "b", type: "counter", help: "Counts.", samples: [{ labels: {}, value: 3 }] },
    { name: "c_bytes", type: "gauge", unit: "bytes", help: "Size.", samples: [] },
    {
      name: "d_seconds",
      type: "histogram",
      unit: "seconds",
      help: "Time.",
      boundsMs: [5, 1_000],
      samples: [{ labels: { shard: "s" }, value: { counts: [1, 0, 2], sum: 4_001 } }],
    },
  ]);
  expect(text).toBe(`# TYPE a info
# HELP a What it is.
a_info{v="1"} 1
# TYPE b counter
# HELP b Counts.
b_total 3
# TYPE c_bytes gauge
# UNIT c_bytes bytes
# HELP c_bytes Size.
# TYPE d_seconds histogram
# UNIT d_seconds seconds
# HELP d_seconds Time.
d_seconds_bucket{shard="s",le="0.005"} 1
d_seconds_bucket{shard="s",le="1.0"} 1
d_seconds_bucket{shard="s",le="+Inf"} 3
d_seconds_count{shard="s"} 3
d_seconds_sum{shard="s"} 4.001
# EOF
`);
  expect(parseOpenMetrics(text)).toHaveLength(4);
});

test("a label may hold what the format needs for itself", () => {
  const labels = { text: 'a "quote", a \\ and\na line' };
  const text = openMetricsText([
    { name: "a", type: "gauge", help: "Help.", samples: [{ labels, value: 1 }] },
  ]);
  expect(text).toContain(String.raw`a{text="a \"quote\", a \\ and\na line"} 1`);
  expect(parseOpenMetrics(text)[0]?.samples).toHaveLength(1);
});

test.each([
  ["no end", "# TYPE a gauge\n# HELP a b\na 1\n"],
  ["a counter without _total", "# TYPE a counter\n# HELP a b\na 1\n# EOF\n"],
  ["a family in two parts", "# TYPE a gauge\n# HELP a b\n# TYPE b gauge\n# HELP b b\na 1\n# EOF\n"],
  ["a series twice", "# TYPE a gauge\n# HELP a b\na 1\na 2\n# EOF\n"],
  ["a unit that the name lacks", "# TYPE a gauge\n# UNIT a seconds\n# HELP a b\na 1\n# EOF\n"],
  ["no number", "# TYPE a gauge\n# HELP a b\na one\n# EOF\n"],
])("the parser of the tests finds %s", (_what, text) => {
  expect(() => parseOpenMetrics(text)).toThrow(Error);
});
