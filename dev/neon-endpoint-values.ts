import { types } from "pg";

/** Turns the text of one value into what stands for it in JSON. */
export type JsonParser = (text: string) => unknown;

/** The parser of a type, by its oid. Used only where raw text is not asked for, as Neon does it then (json.rs). */
export function jsonParserOf(typeId: number): JsonParser {
  const elementType = ELEMENT_TYPES[typeId];
  if (elementType === undefined) return SCALARS[typeId] ?? keepText;
  const parseArray = parserOfType(TEXT_ARRAY_TYPE, "text");
  const parseElement = SCALARS[elementType] ?? keepText;
  return (text) => mapNested(parseArray(text), parseElement);
}

const SCALARS: Readonly<Record<number, JsonParser>> = {
  16: (text) => text === "t",
  21: Number,
  23: Number,
  700: parseFloating,
  701: parseFloating,
  114: JSON.parse,
  3802: JSON.parse,
};

/** Array types whose elements are shown as JSON values, by the type of their elements; other arrays hold texts. */
const ELEMENT_TYPES: Readonly<Record<number, number>> = {
  1000: 16,
  1005: 21,
  1007: 23,
  1021: 700,
  1022: 701,
  199: 114,
  3807: 3802,
  1001: 17,
  1009: 25,
  1015: 1043,
  1016: 20,
  1115: 1114,
  1182: 1082,
  1185: 1184,
  1231: 1700,
  2951: 2950,
};

/** The parser that node-postgres has for text[]: any array becomes an array of texts. */
const TEXT_ARRAY_TYPE = 1009;
/** Its declaration knows no array types, but it takes any number. */
const parserOfType: (typeId: number, format: "text") => JsonParser = types.getTypeParser;

function keepText(text: string): unknown {
  return text;
}

function mapNested(value: unknown, parse: JsonParser): unknown {
  if (Array.isArray(value)) return value.map((element) => mapNested(element, parse));
  return typeof value === "string" ? parse(value) : null;
}

/** NaN and the infinities stay texts: JSON has no numbers for them. */
function parseFloating(text: string): unknown {
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
}
