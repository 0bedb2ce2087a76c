import type { FieldTable } from "./parse-catalog-fields.ts";
import { memberPath, nameValue, type ProblemList, quote } from "./parse-catalog-problems.ts";
import type { Rule } from "./parse-catalog-rules.ts";

/** A reader of the objects that a table describes. */
export type ReaderOf<Table> =
  Table extends FieldTable<infer Values, infer Nested> ? ObjectReader<Values, Nested> : never;

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
export class ObjectReader<Values extends object, Nested extends string> {
  readonly path: string;
  readonly #table: FieldTable<Values, Nested>;
  readonly #problems: ProblemList;
  readonly #members = new Map<
    Name<Values, Nested>,
    { readonly key: string; readonly value: unknown }
  >();
  /** Fields about which something is said already: a second sentence would not help. */
  readonly #settled: Set<Name<Values, Nested>>;

  constructor(
    value: unknown,
    path: string,
    table: FieldTable<Values, Nested>,
    problems: ProblemList,
  ) {
    this.path = path;
    this.#table = table;
    this.#problems = problems;
    this.#settled = new Set(isObject(value) ? [] : table.names);
    if (isObject(value)) this.#sortKeys(value);
    else problems.add(path, `must be an object, not ${nameValue(value)}`);
  }

  has(field: Name<Values, Nested>): boolean {
    return this.#members.has(field);
  }

  /** Whether something is said about the field already, so that its value means nothing. */
  isRefused(field: Name<Values, Nested>): boolean {
    return this.#settled.has(field);
  }

  /** The field's path, in the author's spelling where there is one. */
  pathOf(field: Name<Values, Nested>): string {
    return memberPath(this.path, this.#members.get(field)?.key ?? field);
  }

  /** Says that a field is not right, for a reason of its own. */
  report(field: Name<Values, Nested>, message: string | (() => string)): void {
    this.#settled.add(field);
    this.#problems.add(this.pathOf(field), message);
  }

  /** The field's value, or its default. An absent one that has no default is a problem. */
  value<Key extends keyof Values & string>(name: Key): Values[Key] {
    const { [name]: field } = this.#table.values;
    const { rule, isRequired, otherwise } = field;
    if (isRequired && !this.has(name)) this.#reportMissing(name, rule.text);
    return this.valueOr(name, otherwise);
  }

  /** The field's value, or `otherwise` when it is absent, whatever its table says. */
  valueOr<Key extends keyof Values & string, Default>(
    name: Key,
    otherwise: Default,
  ): Values[Key] | Default {
    const member = this.#members.get(name);
    if (member === undefined) return otherwise;
    const { [name]: field } = this.#table.values;
    const { rule } = field;
    const { value } = member;
    if (rule.accepts(value)) return value;
    this.report(name, () => {
      const hint =
        typeof value === "string"
          ? this.#problems.didYouMean(value, rule.candidates?.() ?? [])
          : "";
      return `${rule.text}, not ${nameValue(value)}${hint}`;
    });
    return rule.standIn;
  }

  /** A reader of the object in a field. An absent one reads as absent in all its fields. */
  object<InnerValues extends object, InnerNested extends string>(
    name: Nested,
    table: FieldTable<InnerValues, InnerNested>,
  ): ObjectReader<InnerValues, InnerNested> {
    const isPresent = this.has(name);
    if (!isPresent && this.#table.nested[name].isRequired) {
      this.#reportMissing(name, "must be an object");
    }
    const value = this.#members.get(name)?.value ?? {};
    const reader = new ObjectReader(value, this.pathOf(name), table, this.#problems);
    if (!isPresent) for (const inner of table.names) reader.#settled.add(inner);
    return reader;
  }

  /** The list in a field, each item read by `read`. Absent: empty, which is a problem when there must be one item. */
  list<T>(name: Nested, read: (item: unknown, path: string) => T): T[] {
    const member = this.#members.get(name);
    const { isRequired } = this.#table.nested[name];
    const rule = isRequired ? "must be a list of at least one" : "must be a list";
    if (member === undefined) {
      if (isRequired) this.#reportMissing(name, rule);
      return [];
    }
    if (!Array.isArray(member.value)) {
      this.report(name, `${rule}, not ${nameValue(member.value)}`);
      return [];
    }
    if (isRequired && member.value.length === 0) this.report(name, `${rule}, but it is empty`);
    const path = this.pathOf(name);
    return member.value.map((item: unknown, index) => read(item, `${path}[${index}]`));
  }

  /** The items of a list of texts, each of which must keep one rule. */
  texts(name: Nested, rule: Rule<string>): Located<string>[] {
    return this.list(name, (value, path) => {
      if (rule.accepts(value)) return { value, path };
      this.#problems.add(path, `${rule.text}, not ${nameValue(value)}`);
      return { value: rule.standIn, path };
    });
  }

  #sortKeys(value: object): void {
    for (const [key, member] of Object.entries(value)) {
      const field = this.#table.fieldByKey.get(key);
      if (field === undefined) this.#reportUnknownKey(key);
      else if (member !== null && member !== undefined) this.#take(field, key, member);
    }
  }

  #take(field: Name<Values, Nested>, key: string, value: unknown): void {
    const earlier = this.#members.get(field);
    if (earlier === undefined) {
      this.#members.set(field, { key, value });
      return;
    }
    const message = `means the same as ${quote(earlier.key)}, which is here too; keep one of them`;
    this.#problems.add(memberPath(this.path, key), message);
  }

  #reportUnknownKey(key: string): void {
    const { fieldByKey, names } = this.#table;
    const nearest = this.#problems.nearest(key, [...fieldByKey.keys()]);
    const meant = nearest === null ? undefined : fieldByKey.get(nearest);
    if (meant !== undefined) this.#settled.add(meant);
    const hint =
      nearest === null ? `known here: ${names.join(", ")}` : `did you mean ${quote(nearest)}?`;
    this.#problems.add(memberPath(this.path, key), `is not a known key; ${hint}`);
  }

  #reportMissing(field: Name<Values, Nested>, rule: string): void {
    if (!this.#settled.has(field)) this.report(field, `is missing; it ${rule}`);
  }
}

type Name<Values, Nested> = (keyof Values & string) | Nested;

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
