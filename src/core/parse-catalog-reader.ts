import type { FieldTable } from "./parse-catalog-fields.ts";
import { memberPath, nameValue, type ProblemList, quote } from "./parse-catalog-problems.ts";
import type { Rule } from "./parse-catalog-rules.ts";

/** A reader of the objects that a table describes. */
export type ReaderOf<Table extends FieldTable<string>> = ObjectReader<Table["names"][number]>;

/** A value and where the author wrote it. */
export interface Located<T> {
  readonly value: T;
  readonly path: string;
}

/**
 * Reads one object of the document, field by field.
 *
 * What is wrong is reported to the problem list and reading goes on with a stand-in of the right type, so that one pass
 * finds everything. A document with a problem is never handed out, so no stand-in gets anywhere. null means absent.
 */
export class ObjectReader<Field extends string> {
  readonly path: string;
  readonly #problems: ProblemList;
  readonly #members = new Map<Field, { readonly key: string; readonly value: unknown }>();
  /** Fields about which something is said already: a second sentence would not help. */
  readonly #settled: Set<Field>;

  constructor(value: unknown, path: string, table: FieldTable<Field>, problems: ProblemList) {
    this.path = path;
    this.#problems = problems;
    this.#settled = new Set(isObject(value) ? [] : table.names);
    if (isObject(value)) this.#sortKeys(value, table);
    else problems.add(path, `must be an object, not ${nameValue(value)}`);
  }

  has(field: Field): boolean {
    return this.#members.has(field);
  }

  /** Whether something is said about the field already, so that its value means nothing. */
  isRefused(field: Field): boolean {
    return this.#settled.has(field);
  }

  /** The field's path, in the author's spelling where there is one. */
  pathOf(field: Field): string {
    return memberPath(this.path, this.#members.get(field)?.key ?? field);
  }

  /** Says that a field is not right, for a reason of its own. */
  report(field: Field, message: string | (() => string)): void {
    this.#settled.add(field);
    this.#problems.add(this.pathOf(field), message);
  }

  /** The field's value. An absent one is a problem. */
  required<T>(field: Field, rule: Rule<T>): T {
    if (!this.has(field)) this.#reportMissing(field, rule.text);
    return this.optional(field, rule, rule.standIn);
  }

  /** The field's value, or `otherwise` when it is absent. */
  optional<T, Default>(field: Field, rule: Rule<T>, otherwise: Default): T | Default {
    const member = this.#members.get(field);
    if (member === undefined) return otherwise;
    const { value } = member;
    if (rule.accepts(value)) return value;
    this.report(field, () => {
      const hint =
        typeof value === "string"
          ? this.#problems.didYouMean(value, rule.candidates?.() ?? [])
          : "";
      return `${rule.text}, not ${nameValue(value)}${hint}`;
    });
    return rule.standIn;
  }

  /** A reader of the object in a field. An absent one is a problem, and reads as absent in all its fields. */
  requiredObject<Inner extends string>(
    field: Field,
    table: FieldTable<Inner>,
  ): ObjectReader<Inner> {
    if (!this.has(field)) this.#reportMissing(field, "must be an object");
    return this.optionalObject(field, table);
  }

  /** A reader of the object in a field. An absent one reads as absent in all its fields, which is no problem. */
  optionalObject<Inner extends string>(
    field: Field,
    table: FieldTable<Inner>,
  ): ObjectReader<Inner> {
    const value = this.#members.get(field)?.value ?? {};
    const reader = new ObjectReader(value, this.pathOf(field), table, this.#problems);
    if (!this.has(field)) for (const name of table.names) reader.#settled.add(name);
    return reader;
  }

  /** The list in a field, each item read by `read`. Absent: empty, which is a problem when there must be one item. */
  list<T>(field: Field, atLeast: 0 | 1, read: (item: unknown, path: string) => T): T[] {
    const member = this.#members.get(field);
    const rule = atLeast === 0 ? "must be a list" : "must be a list of at least one";
    if (member === undefined) {
      if (atLeast > 0) this.#reportMissing(field, rule);
      return [];
    }
    if (!Array.isArray(member.value)) {
      this.report(field, `${rule}, not ${nameValue(member.value)}`);
      return [];
    }
    if (member.value.length < atLeast) this.report(field, `${rule}, but it is empty`);
    const path = this.pathOf(field);
    return member.value.map((item: unknown, index) => read(item, `${path}[${index}]`));
  }

  /** The items of an optional list, each of which must keep one rule. */
  items<T>(field: Field, rule: Rule<T>): Located<T>[] {
    return this.list(field, 0, (value, path) => {
      if (rule.accepts(value)) return { value, path };
      this.#problems.add(path, `${rule.text}, not ${nameValue(value)}`);
      return { value: rule.standIn, path };
    });
  }

  #sortKeys(value: object, table: FieldTable<Field>): void {
    for (const [key, member] of Object.entries(value)) {
      const field = table.fieldByKey.get(key);
      if (field === undefined) this.#reportUnknownKey(key, table);
      else if (member !== null && member !== undefined) this.#take(field, key, member);
    }
  }

  #take(field: Field, key: string, value: unknown): void {
    const earlier = this.#members.get(field);
    if (earlier === undefined) {
      this.#members.set(field, { key, value });
      return;
    }
    const message = `means the same as ${quote(earlier.key)}, which is here too; keep one of them`;
    this.#problems.add(memberPath(this.path, key), message);
  }

  #reportUnknownKey(key: string, table: FieldTable<Field>): void {
    const nearest = this.#problems.nearest(key, table.keys);
    const meant = nearest === null ? undefined : table.fieldByKey.get(nearest);
    if (meant !== undefined) this.#settled.add(meant);
    const hint =
      nearest === null
        ? `known here: ${table.names.join(", ")}`
        : `did you mean ${quote(nearest)}?`;
    this.#problems.add(memberPath(this.path, key), `is not a known key; ${hint}`);
  }

  #reportMissing(field: Field, rule: string): void {
    if (!this.#settled.has(field)) this.report(field, `is missing; it ${rule}`);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
