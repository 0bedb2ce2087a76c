import type { SqlParameter } from "./connect.ts";

/** A column as the batch statements write it: all of its values travel as one array. */
export interface Column<T> {
  readonly name: string;
  /** `instant` travels as milliseconds and becomes timestamptz in the statement: no text format, no time zone setting. */
  readonly type: "text" | "float8" | "int8" | "int4" | "bool" | "instant";
  readonly value: (row: T) => string | number | boolean | null;
}

/** One array parameter per column, in column order. */
export function arraysOf<T>(columns: readonly Column<T>[], rows: readonly T[]): SqlParameter[] {
  return columns.map((column) => rows.map(column.value));
}

/** `unnest($7::text[], …) AS r(namespace, …)`; parameters count from `first`. */
export function unnest<T>(columns: readonly Column<T>[], first: number): string {
  const arrays = columns.map(
    (column, index) => `$${first + index}::${column.type === "instant" ? "float8" : column.type}[]`,
  );
  return `unnest(${arrays.join(", ")}) AS r(${names(columns)})`;
}

/** The select list over `unnest`. */
export function selected<T>(columns: readonly Column<T>[]): string {
  return columns
    .map(({ name, type }) => (type === "instant" ? `to_timestamp(r.${name} / 1000)` : `r.${name}`))
    .join(", ");
}

export function names<T>(columns: readonly Column<T>[]): string {
  return columns.map((column) => column.name).join(", ");
}

/** `a = EXCLUDED.a, …` for all columns but the named ones. */
export function assignments<T>(columns: readonly Column<T>[], kept: readonly string[]): string {
  return columns
    .filter((column) => !kept.includes(column.name))
    .map(({ name }) => `${name} = EXCLUDED.${name}`)
    .join(", ");
}

/** A timestamptz as milliseconds, for a select list. */
export function milliseconds(expression: string): string {
  return `(extract(epoch FROM ${expression}) * 1000)::float8`;
}
