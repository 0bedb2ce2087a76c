import type { Rule } from "./parse-catalog-rules.ts";

/**
 * One kind of object in the document: its fields, and every key that means one of them.
 *
 * `Values` are the types that its value fields are read as, `Nested` the names of its fields that hold objects or lists.
 */
export interface FieldTable<Values extends object, Nested extends string> {
  /** What the reference and the schema call such an object. */
  readonly name: string;
  readonly values: { readonly [Name in keyof Values]: ValueField<Values[Name]> };
  readonly nested: Readonly<Record<Nested, NestedField>>;
  readonly names: readonly ((keyof Values & string) | Nested)[];
  readonly fieldByKey: ReadonlyMap<string, (keyof Values & string) | Nested>;
}

/** Any table, as far as the documentation needs it. */
export interface DescribedTable {
  readonly name: string;
  readonly values: Readonly<Record<string, ValueField<unknown>>>;
  readonly nested: Readonly<Record<string, NestedField>>;
}

/** A field that holds text, a number or a flag. */
export interface ValueField<T> {
  /** A sentence for a designer. */
  readonly meaning: string;
  readonly rule: Rule<T>;
  readonly isRequired: boolean;
  /** What an absent field is read as. */
  readonly otherwise: T;
  /** Understood, but not part of the current form. */
  readonly isLegacy: boolean;
}

/** A field that holds an object, a list of objects, or a list of texts. A list that is required has at least one item. */
export interface NestedField {
  readonly meaning: string;
  readonly content:
    | { readonly kind: "object" | "objects"; readonly of: DescribedTable }
    | { readonly kind: "texts"; readonly rule: Rule<string> };
  readonly isRequired: boolean;
  /** What an absent field is read as, in JSON; undefined where one is required. */
  readonly otherwise?: null | readonly [] | Readonly<Record<string, never>>;
}

/**
 * A table of fields, each known by its name, by its legacy name in snake_case, and by the other keys given for it.
 *
 * The two forms occur mixed in real catalogs, so a key is understood wherever it stands.
 */
export function fieldTable<Values extends object, Nested extends string = never>(
  name: string,
  values: { readonly [Name in keyof Values]: ValueField<Values[Name]> },
  nested: Readonly<Record<Nested, NestedField>>,
  otherKeys: Readonly<Record<string, NoInfer<(keyof Values & string) | Nested>>> = {},
): FieldTable<Values, Nested> {
  const names: ((keyof Values & string) | Nested)[] = [];
  for (const field in values) names.push(field);
  for (const field in nested) names.push(field);
  const fieldByKey = new Map(Object.entries(otherKeys));
  for (const field of names) fieldByKey.set(field, field).set(inSnakeCase(field), field);
  return { name, values, nested, names, fieldByKey };
}

/** A value that must be there. */
export function required<T>(rule: Rule<T>, meaning: string): ValueField<T> {
  return { meaning, rule, isRequired: true, otherwise: rule.standIn, isLegacy: false };
}

/** A value that may be left out. */
export function optional<T, const Default>(
  rule: Rule<T>,
  otherwise: Default,
  meaning: string,
): ValueField<T | Default> {
  return { meaning, rule, isRequired: false, otherwise, isLegacy: false };
}

/** A value that only the legacy form has. */
export function legacy<T>(rule: Rule<T>): ValueField<T | null> {
  return { meaning: "", rule, isRequired: false, otherwise: null, isLegacy: true };
}

function inSnakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
