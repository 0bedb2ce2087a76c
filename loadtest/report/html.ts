import type { Block } from "./blocks.ts";
import { escapeHtml } from "./escape-html.ts";
import type { Report } from "./report.ts";
import { svgOf } from "./svg-chart.ts";

const STYLE = `
  :root { color-scheme: light dark; --line: #8884; --muted: #777; }
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
  table { border-collapse: collapse; display: block; overflow-x: auto; }
  th, td { padding: .3rem .7rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
  th:first-child, td:first-child, th:nth-child(2), td:nth-child(2) { text-align: left; }
  .yes { color: #16803c; font-weight: 600; } .no { color: #c4271b; font-weight: 600; }
  figure { margin: 1.5rem 0; } figcaption { font-weight: 600; }
  svg { width: 100%; height: auto; font-size: 11px; } svg text { fill: currentColor; }
  .legend { display: flex; flex-wrap: wrap; gap: .2rem 1rem; font-size: .85rem; }
  .legend i { display: inline-block; width: .8rem; height: .8rem; margin-right: .3rem; vertical-align: -.1rem; }
`;

/** The report as one file that needs nothing else: no script, no font, no address. */
export function htmlOf({ title, blocks }: Report): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
<h1>${escapeHtml(title)}</h1>
${blocks.map(blockHtml).join("\n")}
</html>
`;
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case "heading":
      return `<h2>${escapeHtml(block.text)}</h2>`;
    case "text":
      return `<p>${inline(block.text)}</p>`;
    case "list":
      return `<ul>${block.items.map((item) => `<li>${inline(item)}</li>`).join("")}</ul>`;
    case "table": {
      const head = block.head.map((cell) => `<th>${escapeHtml(cell)}</th>`).join("");
      const rows = block.rows.map((row) => `<tr>${row.map(cellHtml).join("")}</tr>`).join("\n");
      return `<table><thead><tr>${head}</tr></thead><tbody>\n${rows}\n</tbody></table>`;
    }
    case "chart":
      return svgOf(block.chart);
  }
}

function cellHtml(cell: string): string {
  const isGood = cell === "pass" || cell === "yes" || cell === "good";
  const isBad = cell === "fail" || cell === "no" || cell === "broken";
  const className = isGood ? ' class="yes"' : isBad ? ' class="no"' : "";
  return `<td${className}>${inline(cell)}</td>`;
}

/** Backquotes are the only mark-up inside a text. */
function inline(text: string): string {
  return escapeHtml(text).replaceAll(/`([^`]+)`/g, "<code>$1</code>");
}
