import type { Block } from "./blocks.ts";
import type { Report } from "./report.ts";

/** The report as Markdown; charts are in the HTML only. */
export function markdownOf({ title, blocks }: Report): string {
  return `${[`# ${title}`, ...blocks.flatMap((block) => blockText(block) ?? [])].join("\n\n")}\n`;
}

function blockText(block: Block): string | null {
  switch (block.kind) {
    case "heading":
      return `## ${block.text}`;
    case "text":
      return block.text;
    case "list":
      return block.items.map((item) => `- ${item}`).join("\n");
    case "table":
      return [block.head, block.head.map(() => "---"), ...block.rows]
        .map((row) => `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`)
        .join("\n");
    case "chart":
      return null;
  }
}
