import { readFileSync } from "node:fs";

/** The cells of the page's table whose first line has a cell that begins with these words; without its two head lines. */
export function tableOfPage(words: string): string[][] {
  const page = read("docs/designing-goals.md");
  const tables = page.split("\n\n").filter((block) => block.startsWith("|"));
  const rows = tables
    .map((table) => table.trim().split("\n").map(cells))
    .find(([head]) => head?.some((cell) => cell.startsWith(words)));
  if (rows === undefined) throw new Error(`docs/designing-goals.md has no table about ${words}`);
  return rows.slice(2);
}

/** What a group of a picture in docs/images says, text by text. */
export function textsOfPicture(file: string, group: string): string[] {
  const picture = read(`docs/images/${file}`);
  const [, inside] = new RegExp(`<g id="${group}">(.*?)</g>`, "s").exec(picture) ?? [];
  if (inside === undefined) throw new Error(`${file} has no group ${group}`);
  return [...inside.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = ""]) => text);
}

function cells(line: string): string[] {
  return line
    .slice(1, -1)
    .split("|")
    .map((cell) => cell.trim());
}

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
}
