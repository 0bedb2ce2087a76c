import type { JsonSchema } from "../../dev/catalog-schema.ts";

/**
 * The paths at which a JSON value breaks a schema; empty when it is valid.
 *
 * Knows the keywords that the catalog's schema uses, by their meaning in draft 2020-12, and throws at any other: nothing
 * is passed over in silence.
 */
export function schemaProblems(schema: JsonSchema, value: unknown, path = "$"): string[] {
  const unknown = Object.keys(schema).filter((keyword) => !KNOWN.has(keyword));
  if (unknown.length > 0) throw new Error(`No check is written for ${unknown.join(", ")}`);
  const isBroken =
    !hasType(schema, value) || breaksText(schema, value) || breaksNumber(schema, value);
  return [...(isBroken ? [path] : []), ...problemsBelow(schema, value, path)];
}

const KNOWN = new Set(
  (
    "$schema title description default type enum pattern minLength maxLength minimum maximum exclusiveMinimum " +
    "properties required additionalProperties items minItems"
  ).split(" "),
);

function hasType({ type, enum: choices }: JsonSchema, value: unknown): boolean {
  const isOne = choices === undefined || choices.some((choice) => choice === value);
  return isOne && (type === undefined || [type].flat().some((name) => isOfType(name, value)));
}

function isOfType(name: string, value: unknown): boolean {
  if (name === "null") return value === null;
  if (name === "array") return Array.isArray(value);
  if (name === "integer") return Number.isInteger(value);
  if (name === "object") return isObject(value);
  return typeof value === name;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function breaksText({ pattern, minLength, maxLength }: JsonSchema, value: unknown): boolean {
  if (typeof value !== "string") return false;
  // Characters count, not UTF-16 units.
  const length = Array.from(value).length;
  if (length < (minLength ?? 0) || length > (maxLength ?? Infinity)) return true;
  return pattern !== undefined && !new RegExp(pattern, "u").test(value);
}

function breaksNumber(schema: JsonSchema, value: unknown): boolean {
  if (typeof value !== "number") return false;
  const { minimum = -Infinity, maximum = Infinity, exclusiveMinimum = -Infinity } = schema;
  return value < minimum || value > maximum || value <= exclusiveMinimum;
}

function problemsBelow(schema: JsonSchema, value: unknown, path: string): string[] {
  if (Array.isArray(value)) {
    const { items = {}, minItems = 0 } = schema;
    const below = value.flatMap((item, index) => schemaProblems(items, item, `${path}[${index}]`));
    return value.length < minItems ? [path, ...below] : below;
  }
  if (!isObject(value)) return [];
  const { properties = {}, required = [] } = schema;
  const members = new Map<string, unknown>(Object.entries(value));
  const missing = required.filter((name) => !members.has(name)).map((name) => `${path}.${name}`);
  const below = [...members].flatMap(([name, member]) => {
    const known = properties[name];
    if (known !== undefined) return schemaProblems(known, member, `${path}.${name}`);
    return schema.additionalProperties === false ? [`${path}.${name}`] : [];
  });
  return [...missing, ...below];
}
