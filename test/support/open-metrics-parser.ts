/** One line of an exposition that carries a value. */
export interface ParsedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** One family, as it was described, with its samples in order. */
export interface ParsedFamily {
  readonly name: string;
  readonly type: string;
  readonly unit: string | null;
  readonly help: string | null;
  readonly samples: readonly ParsedSample[];
}

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const DESCRIPTION = new RegExp(`^# (TYPE|UNIT|HELP) (${NAME}) (.+)$`);
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (-?(?:\\d[\\d.e+-]*))$`);
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/;

/** The suffixes that samples of a family must have, by type. */
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: ["_total"],
  gauge: [""],
  info: ["_info"],
  histogram: ["_bucket", "_count", "_sum"],
};

/**
 * Reads OpenMetrics 1.0 as strictly as the tests need it: throws at anything that its text format does not allow, and at
 * histograms that do not add up.
 */
export function parseOpenMetrics(text: string): readonly ParsedFamily[] {
  if (!text.endsWith("\n# EOF\n")) throw new Error("The exposition does not end in # EOF.");
  const families = new Map<string, ParsedFamily & { samples: ParsedSample[] }>();
  let current: (ParsedFamily & { samples: ParsedSample[] }) | undefined;
  for (const line of text.slice(0, -"# EOF\n".length).trimEnd().split("\n")) {
    const [, keyword, name, rest] = DESCRIPTION.exec(line) ?? [];
    if (name === undefined || rest === undefined) {
      if (current === undefined) throw new Error(`A sample stands before any family: ${line}`);
      current.samples.push(sampleOf(line, current));
      continue;
    }
    if (keyword === "TYPE") {
      if (families.has(name)) throw new Error(`The family ${name} is split, or described twice.`);
      if (SUFFIXES[rest] === undefined) throw new Error(`No type: ${line}`);
      current = { name, type: rest, unit: null, help: null, samples: [] };
      families.set(name, current);
      continue;
    }
    if (current?.name !== name) throw new Error(`Described outside of its family: ${line}`);
    if (current.samples.length > 0) throw new Error(`Described after its samples: ${line}`);
    const described: typeof current =
      keyword === "UNIT" ? { ...current, unit: rest } : { ...current, help: rest };
    current = described;
    families.set(name, described);
  }
  for (const family of families.values()) check(family);
  return [...families.values()];
}

function sampleOf(line: string, { name, type }: ParsedFamily): ParsedSample {
  const [, sampleName, labels, value] = SAMPLE.exec(line) ?? [];
  if (sampleName === undefined || value === undefined) throw new Error(`No sample: ${line}`);
  const names = (SUFFIXES[type] ?? []).map((suffix) => name + suffix);
  if (!names.includes(sampleName)) throw new Error(`Not of the ${type} ${name}: ${line}`);
  const number = Number(value);
  if (!Number.isFinite(number)) throw new Error(`No number: ${line}`);
  return { name: sampleName, labels: labelsOf(labels ?? ""), value: number };
}

function labelsOf(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (let rest = text; rest !== "";) {
    const [whole, name, value] = LABEL.exec(rest) ?? [];
    if (whole === undefined || name === undefined) throw new Error(`No labels: ${text}`);
    if (name in labels) throw new Error(`A label occurs twice: ${text}`);
    labels[name] = value ?? "";
    rest = rest.slice(whole.length);
  }
  return labels;
}

function check({ name, type, unit, help, samples }: ParsedFamily): void {
  if (unit !== null && !name.endsWith(`_${unit}`)) throw new Error(`${name} hides its ${unit}.`);
  if (help === null) throw new Error(`${name} has no HELP.`);
  const keys = samples.map((sample) => JSON.stringify([sample.name, sample.labels]));
  if (new Set(keys).size < keys.length) throw new Error(`A sample of ${name} occurs twice.`);
  if (samples.some(({ value }) => type !== "gauge" && value < 0)) {
    throw new Error(`${name} counts below 0.`);
  }
  if (type === "histogram") checkBuckets(name, samples);
}

function checkBuckets(name: string, samples: readonly ParsedSample[]): void {
  const bySeries = Map.groupBy(samples, ({ labels }) =>
    JSON.stringify(Object.entries(labels).filter(([label]) => label !== "le")),
  );
  for (const [series, members] of bySeries) {
    const buckets = members.filter((sample) => sample.name === `${name}_bucket`);
    const les = buckets.map(({ labels }) => labels["le"] ?? "");
    const bounds = les.map((le) => (le === "+Inf" ? Infinity : Number(le)));
    const counts = buckets.map(({ value }) => value);
    const isFloat = les.every((le) => le === "+Inf" || /[.e]/.test(le));
    const isRising = [bounds, counts].every((values) =>
      values.every((value, index) => index === 0 || value >= (values[index - 1] ?? 0)),
    );
    const count = members.find((sample) => sample.name === `${name}_count`)?.value;
    const isWhole = bounds.at(-1) === Infinity && counts.at(-1) === count;
    if (!isFloat || !isRising || !isWhole) throw new Error(`${name}${series} does not add up.`);
  }
}
