import type { Chart, Series } from "./blocks.ts";
import { escapeHtml } from "./escape-html.ts";

const WIDTH = 1_000;
const HEIGHT = 240;
const MARGIN = { left: 60, right: 30, top: 10, bottom: 24 };
const TICKS = 5;
/** Told apart by people who do not see all colours: Okabe and Ito's, black left out. */
const COLOURS = [
  "#0072b2",
  "#e69f00",
  "#009e73",
  "#d55e00",
  "#cc79a7",
  "#56b4e9",
  "#b8a800",
  "#888888",
];

/** Draws lines over time with a legend; a chart without points says so. */
export function svgOf(chart: Chart): string {
  const series = chart.series.filter(({ points }) => points.length > 0);
  const caption = `<figcaption>${escapeHtml(`${chart.title} (${chart.unit})`)}</figcaption>`;
  if (series.length === 0) return `<figure>${caption}<p>Nothing was measured.</p></figure>`;
  const points = series.flatMap((each) => each.points);
  const xMax = Math.max(1, ...points.map(([x]) => x));
  const yMax = niceAbove(Math.max(...points.map(([, y]) => y)));
  const x = (value: number) => MARGIN.left + (value / xMax) * (WIDTH - MARGIN.left - MARGIN.right);
  const y = (value: number) =>
    HEIGHT - MARGIN.bottom - (value / yMax) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const lines = series.map((each, index) => lineOf(each, colourOf(index), x, y)).join("");
  const label = escapeHtml(`${chart.title} over time`);
  return `<figure>${caption}
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">${axes(xMax, yMax, x, y)}${lines}</svg>
<div class="legend">${series.map(legendOf).join("")}</div></figure>`;
}

function lineOf(
  { points }: Series,
  colour: string,
  x: (value: number) => number,
  y: (value: number) => number,
): string {
  const path = points.map(([at, value]) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
  return `<polyline fill="none" stroke="${colour}" stroke-width="1.5" points="${path}"/>`;
}

function axes(
  xMax: number,
  yMax: number,
  x: (value: number) => number,
  y: (value: number) => number,
): string {
  const steps = Array.from({ length: TICKS + 1 }, (_, index) => index / TICKS);
  const horizontal = steps.map((share) => {
    const at = y(share * yMax).toFixed(1);
    const line = `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${at}" y2="${at}" stroke="#8884"/>`;
    return `${line}<text x="${MARGIN.left - 6}" y="${at}" text-anchor="end" dominant-baseline="middle">${shortNumber(share * yMax)}</text>`;
  });
  const vertical = steps.map((share) => {
    const at = x(share * xMax).toFixed(1);
    return `<text x="${at}" y="${HEIGHT - 6}" text-anchor="middle">${shortNumber(share * xMax)} s</text>`;
  });
  return [...horizontal, ...vertical].join("");
}

function legendOf({ name }: Series, index: number): string {
  return `<span><i style="background:${colourOf(index)}"></i>${escapeHtml(name)}</span>`;
}

function colourOf(index: number): string {
  return COLOURS[index % COLOURS.length] ?? "#000";
}

/** The next of 1, 2, 5 × 10^n: an axis that a person can read. */
function niceAbove(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

function shortNumber(value: number): string {
  if (value >= 1_000_000) return `${Number((value / 1_000_000).toFixed(2))}M`;
  if (value >= 1_000) return `${Number((value / 1_000).toFixed(1))}k`;
  return String(Number(value.toFixed(2)));
}
