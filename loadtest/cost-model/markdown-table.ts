/** A table of GitHub's Markdown. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  return [head, head.map(() => "---"), ...rows].map(line).join("\n");
}

/** Dollars, with a third digit below ten cents. */
export function formatDollars(amount: number): string {
  if (amount >= 100) return `$${Math.round(amount).toLocaleString("en-US")}`;
  return `$${amount.toFixed(amount < 0.1 ? 3 : 2)}`;
}

/** A number with two digits or all before the point, thousands apart. */
export function formatNumber(amount: number): string {
  const digits = amount >= 10 ? 0 : amount >= 1 ? 1 : 2;
  return Number(amount.toFixed(digits)).toLocaleString("en-US");
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
