import { DOCUMENT_FIELDS } from "../src/core/catalog-fields.ts";
import type { DescribedTable, NestedField, ValueField } from "../src/core/parse-catalog-fields.ts";
import type { SchemaKeywords } from "../src/core/parse-catalog-rules.ts";

type TypeName = "object" | "array" | "null" | NonNullable<SchemaKeywords["type"]>;

/** A JSON Schema (draft 2020-12) with the keywords that the catalog's needs. */
export interface JsonSchema extends Omit<SchemaKeywords, "type" | "enum"> {
  readonly $schema?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: TypeName | readonly TypeName[];
  readonly enum?: readonly (string | null)[];
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false;
  readonly items?: JsonSchema;
  readonly minItems?: number;
}

/**
 * The schema of a catalog in its current form, written from the tables that the parser reads by.
 *
 * Whatever the parser accepts in the current form is valid. It knows neither the legacy form nor what takes more than one
 * field, or a calendar, to see: ids in use, prerequisites, windows, zones. A dry run of a publish tells those.
 */
export function catalogSchema(): JsonSchema {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Gauntlet catalog",
    description:
      "Challenges and goals in the current form. Written by `npm run catalog:docs`; the reference is docs/catalog.md.",
    ...objectSchema(DOCUMENT_FIELDS),
  };
}

function objectSchema({ values, nested }: DescribedTable): JsonSchema {
  const current = Object.entries(values).filter(([, field]) => !field.isLegacy);
  const fields = [...current, ...Object.entries(nested)];
  return {
    type: "object",
    properties: {
      ...Object.fromEntries(current.map(([name, field]) => [name, valueSchema(field)])),
      ...Object.fromEntries(
        Object.entries(nested).map(([name, field]) => [name, nestedSchema(field)]),
      ),
    },
    required: fields.filter(([, field]) => field.isRequired).map(([name]) => name),
    additionalProperties: false,
  };
}

function valueSchema({ meaning, rule, isRequired, otherwise }: ValueField<unknown>): JsonSchema {
  if (isRequired) return { description: meaning, ...rule.keywords };
  return { description: meaning, ...orNull(rule.keywords), default: otherwise };
}

function nestedSchema({ meaning, content, isRequired, otherwise }: NestedField): JsonSchema {
  const schema = contentSchema(content, isRequired);
  if (isRequired) return { description: meaning, ...schema };
  return { description: meaning, ...orNull(schema), default: otherwise };
}

function contentSchema(content: NestedField["content"], isRequired: boolean): JsonSchema {
  switch (content.kind) {
    case "object":
      return objectSchema(content.of);
    case "objects":
      return { type: "array", ...atLeastOne(isRequired), items: objectSchema(content.of) };
    case "texts":
      return { type: "array", ...atLeastOne(isRequired), items: content.rule.keywords };
  }
}

function atLeastOne(isRequired: boolean): JsonSchema {
  return isRequired ? { minItems: 1 } : {};
}

/** null means absent, so it may stand wherever a field may be left out. */
function orNull(schema: JsonSchema): JsonSchema {
  const { type, enum: choices, ...rest } = schema;
  // A field that may be anything has no type, and may be null as it is.
  if (type === undefined) return schema;
  return {
    type: [...[type].flat(), "null"],
    ...(choices === undefined ? {} : { enum: [...choices, null] }),
    ...rest,
  };
}
