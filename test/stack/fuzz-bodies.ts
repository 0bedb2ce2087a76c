import * as fc from "fast-check";
import * as z from "zod";

import { textWithOddValue } from "./fuzz-json.ts";
import type { FuzzBody } from "./fuzz-send.ts";

/** Bodies for a route: good ones of its shape, the same with something wrong in it, and what is no such body at all. */
export function anyBody(good: fc.Arbitrary<unknown>): fc.Arbitrary<FuzzBody> {
  const text = fc.oneof(
    { weight: 8, arbitrary: good.map((value) => JSON.stringify(value)) },
    {
      weight: 5,
      arbitrary: fc
        .tuple(good, fc.nat(), oddJson)
        .map(([value, place, odd]) => textWithOddValue(value, place, odd)),
    },
    { weight: 2, arbitrary: good.chain((value) => damaged(JSON.stringify(value))) },
    { weight: 1, arbitrary: fc.oneof(oddJson, fc.json({ maxDepth: 4 }), fc.string(), long) },
  );
  const sentAs = fc.oneof(
    { weight: 12, arbitrary: fc.constant("utf8" as const) },
    { weight: 2, arbitrary: fc.constantFrom("latin1" as const, "gzip" as const) },
  );
  return fc.oneof(
    { weight: 15, arbitrary: fc.record({ text, sentAs, isChunked: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ text: bomb, sentAs: gzip, isChunked: fc.boolean() }) },
  );
}

/** Values of a zod schema, with the ids given where it asks for text; refinements are met only by chance. */
export function valuesOf(schema: z.ZodType, ids: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  return ofSchema(z.toJSONSchema(schema, { unrepresentable: "any", io: "input" }), ids);
}

type JsonSchema = z.core.JSONSchema.BaseSchema;

function ofSchema(schema: JsonSchema, ids: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  const choices = (schema.anyOf ?? []).filter((choice) => typeof choice === "object");
  if (choices.length > 0) return fc.oneof(...choices.map((choice) => ofSchema(choice, ids)));
  // `["boolean", "null"]` for what may be null, whatever zod's type of it says.
  const types: readonly unknown[] = Array.isArray(schema.type) ? schema.type : [schema.type];
  return fc.oneof(...types.map((type) => ofType(type, schema, ids)));
}

function ofType(
  type: unknown,
  schema: JsonSchema,
  ids: fc.Arbitrary<string>,
): fc.Arbitrary<unknown> {
  if (type === "object") return ofObject(schema, ids);
  if (type === "array") return ofArray(schema, ids);
  if (type === "boolean") return fc.boolean();
  if (type === "null") return fc.constant(null);
  if (type === "string") return ids;
  if (type === "integer" || type === "number") return ofNumber(schema);
  return fc.jsonValue({ maxDepth: 2 });
}

function ofArray(
  { items, minItems = 0 }: JsonSchema,
  ids: fc.Arbitrary<string>,
): fc.Arbitrary<unknown> {
  const each = typeof items === "object" && !Array.isArray(items) ? items : {};
  return fc.array(ofSchema(each, ids), { minLength: minItems, maxLength: minItems + 4 });
}

function ofNumber({ minimum = 0, maximum = 1_000 }: JsonSchema): fc.Arbitrary<number> {
  return fc.integer({ min: Math.ceil(minimum), max: Math.floor(maximum) });
}

function ofObject(schema: JsonSchema, ids: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  const fields = Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
    typeof field === "object" ? [[name, ofSchema(field, ids)] as const] : [],
  );
  const requiredKeys = schema.required ?? [];
  return fc.record(Object.fromEntries(fields), { requiredKeys: [...requiredKeys] });
}

/** JSON that no contract expects, some of which JSON.stringify would never write. */
const oddJson = fc.constantFrom(
  "null",
  "0",
  "-0",
  "-1",
  "1.5",
  "1e308",
  "1e400",
  "9007199254740993",
  "true",
  '""',
  '" "',
  '"\\u0000"',
  '"\\ud800"',
  '"\\udfff x"',
  '"💥\\u202e\\u2028"',
  '"1970-01-01T00:00:00Z"',
  '"9999-12-31T23:59:60+14:00"',
  `"${"x".repeat(101)}"`,
  `"${"é".repeat(5_000)}"`,
  "[]",
  "{}",
  "[[[[[[[[]]]]]]]]",
  '{"__proto__":{"isActive":true},"constructor":null}',
  `${"[".repeat(200)}${"]".repeat(200)}`,
  "[null,null]",
);

/** More than a player command's body may have. */
const long = fc.constant(" ".repeat(70_000));

/**
 * Unpacked three times what an event's body may be; packed, 3 kB.
 *
 * Not sent unpacked: wrangler's local proxy answers a 500 of its own, now and then, when a Worker refuses such a body unread.
 */
const bomb = fc.constant(" ".repeat(3 * 1_048_576));
const gzip = fc.constant("gzip" as const);

/** What is left of a JSON text after an accident on its way. */
function damaged(text: string): fc.Arbitrary<string> {
  const place = fc.nat({ max: text.length });
  return fc.oneof(
    place.map((at) => text.slice(0, at)),
    fc.tuple(place, fc.string({ maxLength: 3 })).map(([at, odd]) => {
      return text.slice(0, at) + odd + text.slice(at + 1);
    }),
    fc.constantFrom(`\ufeff${text}`, `${text}${text}`, `${text}\0`, `[${text}]`, `ÿ${text}`),
    fc.constant(withDuplicateKeys(text)),
  );
}

/** Every field twice; the first time with something else in it. */
function withDuplicateKeys(text: string): string {
  return text.replaceAll(/("[^"\\]*"):/g, '$1:"first",$1:');
}
