import { DatabaseError, types, type FieldDef } from "pg";

import type { SqlRequest } from "./neon-endpoint-request.ts";

/** An HTTP answer, complete. */
export interface SqlAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The result of one statement: values as Postgres' text, in the order of the fields. */
export interface StatementResult {
  readonly command: string;
  readonly rowCount: number | null;
  readonly fields: readonly FieldDef[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** The rows are more than the endpoint will answer. The statement itself may have been committed. */
export class ResponseTooLarge extends Error {
  constructor(limitBytes: number) {
    super(`response is too large (max is ${limitBytes} bytes)`);
  }
}

/** The database could not be reached, or refused the connection. */
export class ConnectFailed extends Error {}

/** What of a Postgres error goes to the caller; the driver copies the same names into NeonDbError. */
const ERROR_FIELDS = [
  "code",
  "detail",
  "hint",
  "position",
  "internalPosition",
  "internalQuery",
  "severity",
  "where",
  "table",
  "column",
  "schema",
  "dataType",
  "constraint",
  "file",
  "line",
  "routine",
] as const;

/** The answer to a request that went well. Throws ResponseTooLarge. */
export function answerResults(
  request: SqlRequest,
  results: readonly StatementResult[],
  limitBytes: number,
): SqlAnswer {
  const shaped = results.map((result, index) =>
    shapeResult(result, request.statements[index]?.arrayMode ?? false, request.rawText),
  );
  const body = JSON.stringify(request.batch === null ? shaped[0] : { results: shaped });
  if (body.length > limitBytes) throw new ResponseTooLarge(limitBytes);
  return { status: 200, headers: batchHeaders(request), body };
}

/**
 * The answer to a failure, with the status that Neon's proxy gives it (sql_over_http.rs).
 *
 * 400 with a code: a definite failure, rolled back. 400 without a code: the connection was lost, the outcome unknown.
 */
export function answerFailure(error: unknown): SqlAnswer {
  const status = statusOf(error);
  const source: unknown = error instanceof ConnectFailed ? error.cause : error;
  const message = source instanceof Error ? source.message : String(source);
  const fields = source instanceof DatabaseError ? source : null;
  const body: Record<string, string | null> = { message };
  for (const name of ERROR_FIELDS) body[name] = fields?.[name] ?? null;
  return { status, headers: {}, body: JSON.stringify(body) };
}

function statusOf(error: unknown): number {
  if (error instanceof ResponseTooLarge) return 507;
  if (error instanceof ConnectFailed) return 500;
  return 400;
}

function shapeResult(result: StatementResult, arrayMode: boolean, rawText: boolean) {
  const parse = rawText ? null : result.fields.map((field) => jsonParserOf(field.dataTypeID));
  const rows =
    arrayMode && parse === null
      ? result.rows
      : result.rows.map((row) => shapeRow(row, result.fields, arrayMode, parse));
  return {
    command: result.command,
    rowCount: result.rowCount,
    rowAsArray: arrayMode,
    fields: result.fields.map((field) => ({
      name: field.name,
      dataTypeID: field.dataTypeID,
      tableID: field.tableID,
      columnID: field.columnID,
      dataTypeSize: field.dataTypeSize,
      dataTypeModifier: field.dataTypeModifier,
      format: "text",
    })),
    rows,
  };
}

type JsonParser = (text: string) => unknown;

function shapeRow(
  row: readonly (string | null)[],
  fields: readonly FieldDef[],
  arrayMode: boolean,
  parsers: readonly JsonParser[] | null,
): unknown {
  const values = row.map((value, index) =>
    value === null ? null : (parsers?.[index] ?? keepText)(value),
  );
  if (arrayMode) return values;
  return Object.fromEntries(fields.map((field, index) => [field.name, values[index]]));
}

function keepText(text: string): unknown {
  return text;
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

function jsonParserOf(typeId: number): JsonParser {
  const elementType = ELEMENT_TYPES[typeId];
  if (elementType === undefined) return SCALARS[typeId] ?? keepText;
  const parseArray = parserOfType(TEXT_ARRAY_TYPE, "text");
  const parseElement = SCALARS[elementType] ?? keepText;
  return (text) => mapNested(parseArray(text), parseElement);
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

function batchHeaders({ batch }: SqlRequest): Record<string, string> {
  const headers: Record<string, string> = {};
  if (batch?.readOnly) headers["Neon-Batch-Read-Only"] = "true";
  if (batch?.deferrable) headers["Neon-Batch-Deferrable"] = "true";
  if (batch?.isolationLevel) headers["Neon-Batch-Isolation-Level"] = batch.isolationLevel;
  return headers;
}
