import { DatabaseError, type FieldDef } from "pg";

import type { SqlRequest } from "./neon-endpoint-request.ts";
import { jsonParserOf, type JsonParser } from "./neon-endpoint-values.ts";

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

function shapeRow(
  row: readonly (string | null)[],
  fields: readonly FieldDef[],
  arrayMode: boolean,
  parsers: readonly JsonParser[] | null,
): unknown {
  const values = row.map((value, index) =>
    value === null ? null : (parsers?.[index]?.(value) ?? value),
  );
  if (arrayMode) return values;
  return Object.fromEntries(fields.map((field, index) => [field.name, values[index]]));
}

function batchHeaders({ batch }: SqlRequest): Record<string, string> {
  const headers: Record<string, string> = {};
  if (batch?.readOnly) headers["Neon-Batch-Read-Only"] = "true";
  if (batch?.deferrable) headers["Neon-Batch-Deferrable"] = "true";
  if (batch?.isolationLevel) headers["Neon-Batch-Isolation-Level"] = batch.isolationLevel;
  return headers;
}
