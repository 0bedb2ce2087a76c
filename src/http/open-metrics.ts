import type { HistogramCounts } from "../core/histogram.ts";

/** What the text is sent as; a scraper that knows only Prometheus' own format reads it too. */
export const OPEN_METRICS_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8";

export type Labels = Readonly<Record<string, string>>;

/** One value of a family, or one histogram. */
export interface Sample<Value> {
  readonly labels: Labels;
  readonly value: Value;
}

interface FamilyHead {
  /** Without `_total`; ends in the unit if there is one. */
  readonly name: string;
  readonly help: string;
  readonly unit?: "seconds" | "bytes";
}

/** One metric family. Samples with the same labels must not occur twice. */
export type Family =
  | (FamilyHead & {
      readonly type: "counter" | "gauge" | "info";
      readonly samples: readonly Sample<number>[];
    })
  | (FamilyHead & {
      readonly type: "histogram";
      /** Upper ends of the buckets, in milliseconds like the sums: written as seconds. */
      readonly boundsMs: readonly number[];
      readonly samples: readonly Sample<HistogramCounts>[];
    });

/** The exposition: OpenMetrics 1.0, with its end mark. A family without samples is still described. */
export function openMetricsText(families: readonly Family[]): string {
  return [...families.flatMap(linesOf), "# EOF", ""].join("\n");
}

function linesOf(family: Family): string[] {
  const { name, type, unit, help } = family;
  return [
    `# TYPE ${name} ${type}`,
    ...(unit === undefined ? [] : [`# UNIT ${name} ${unit}`]),
    `# HELP ${name} ${escaped(help)}`,
    ...(family.type === "histogram"
      ? family.samples.flatMap((sample) => histogramLines(name, family.boundsMs, sample))
      : family.samples.map(({ labels, value }) => line(name + SUFFIX[family.type], labels, value))),
  ];
}

const SUFFIX = { counter: "_total", gauge: "", info: "_info" } as const;

function histogramLines(
  name: string,
  boundsMs: readonly number[],
  { labels, value: { counts, sum } }: Sample<HistogramCounts>,
): string[] {
  let cumulated = 0;
  const buckets = [...boundsMs, Infinity].map((bound, index) => {
    cumulated += counts[index] ?? 0;
    const le = bound === Infinity ? "+Inf" : floatText(bound / 1_000);
    return line(`${name}_bucket`, { ...labels, le }, cumulated);
  });
  return [
    ...buckets,
    line(`${name}_count`, labels, cumulated),
    line(`${name}_sum`, labels, sum / 1_000),
  ];
}

function line(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}`;
}

/** OpenMetrics wants the bounds of buckets as floats, also whole ones: `1.0`. */
function floatText(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
