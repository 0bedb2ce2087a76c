import { DOCUMENT_FIELDS } from "../src/core/catalog-fields.ts";
import type { DescribedTable, NestedField } from "../src/core/parse-catalog-fields.ts";

/** The page without its old reference, and with this one in its place. Throws where the page has no place for it. */
export function withReference(page: string, reference: string): string {
  const start = page.indexOf(REFERENCE_START);
  const end = page.indexOf(REFERENCE_END);
  if (start < 0 || end < start) {
    throw new Error(`The page needs the lines\n${REFERENCE_START}\n${REFERENCE_END}`);
  }
  return `${page.slice(0, start)}${REFERENCE_START}\n\n${reference}\n\n${page.slice(end)}`;
}

/** One Markdown table per kind of object, written from the tables that the parser reads by. Legacy fields are not in it. */
export function catalogReference(): string {
  return tablesBelow(DOCUMENT_FIELDS).map(section).join("\n\n");
}

const REFERENCE_START =
  "<!-- The reference: written by `npm run catalog:docs` from src/core/catalog-fields.ts; do not edit it here. -->";
const REFERENCE_END = "<!-- End of the reference. -->";

function tablesBelow(table: DescribedTable): DescribedTable[] {
  const inner = Object.values(table.nested).flatMap(({ content }) =>
    content.kind === "texts" ? [] : tablesBelow(content.of),
  );
  return [table, ...inner];
}

function section({ name, values, nested }: DescribedTable): string {
  const rows = [
    ...Object.entries(values)
      .filter(([, field]) => !field.isLegacy)
      .map(([field, { meaning, rule, isRequired, otherwise }]) =>
        row(field, meaning, demand(rule.text), isRequired ? undefined : otherwise),
      ),
    ...Object.entries(nested).map(([field, { meaning, content, isRequired, otherwise }]) =>
      row(field, meaning, nestedDemand(content, isRequired), otherwise),
    ),
  ];
  const head = ["| field | what it is | must be | default |", "| - | - | - | - |"];
  return [`### ${name}`, "", ...head, ...rows].join("\n");
}

/** Without a default the field is required. */
function row(field: string, meaning: string, mustBe: string, otherwise: unknown): string {
  const standard = otherwise === undefined ? "_required_" : `\`${JSON.stringify(otherwise)}\``;
  return `| \`${field}\` | ${meaning} | ${mustBe} | ${standard} |`;
}

function nestedDemand(content: NestedField["content"], isRequired: boolean): string {
  const list = isRequired ? "a list of at least one" : "a list";
  switch (content.kind) {
    case "object":
      return `an object: [${content.of.name}](#${content.of.name.toLowerCase()})`;
    case "objects":
      return `${list} [${content.of.name}](#${content.of.name.toLowerCase()})`;
    case "texts":
      return `${list}, each item ${demand(content.rule.text)}`;
  }
}

/** The parser's sentence, without the words that head the column. */
function demand(text: string): string {
  return text.replace(/^(must|may) be /, "");
}
