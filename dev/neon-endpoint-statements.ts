import type { CustomTypesConfig, PoolClient, QueryArrayConfig } from "pg";

import {
  answerResults,
  ResponseTooLarge,
  type SqlAnswer,
  type StatementResult,
} from "./neon-endpoint-answer.ts";
import {
  ISOLATION_LEVELS,
  type BatchOptions,
  type SqlRequest,
  type SqlStatement,
} from "./neon-endpoint-request.ts";

/** Runs the statements of a request on a session: one by itself, or a batch in one transaction. */
export function runRequest(
  session: PoolClient,
  request: SqlRequest,
  responseBytesMax: number,
): Promise<SqlAnswer> {
  const run = request.batch === null ? runStatements : inTransaction(request.batch);
  return run(session, request, responseBytesMax);
}

type Run = (
  session: PoolClient,
  request: SqlRequest,
  responseBytesMax: number,
) => Promise<SqlAnswer>;

function inTransaction(batch: BatchOptions): Run {
  return async (session, request, responseBytesMax) => {
    await session.query(beginStatement(batch));
    try {
      const answer = await runStatements(session, request, responseBytesMax);
      await session.query("COMMIT");
      return answer;
    } catch (error) {
      // The first error is the answer; a session that cannot even roll back is thrown away by its status.
      await session.query("ROLLBACK").catch(() => {});
      throw error;
    }
  };
}

function beginStatement(batch: BatchOptions): string {
  const level = batch.isolationLevel;
  return [
    "BEGIN",
    ...(level === null ? [] : ["ISOLATION LEVEL", ISOLATION_LEVELS[level]]),
    ...(batch.readOnly ? ["READ ONLY"] : []),
    ...(batch.deferrable ? ["DEFERRABLE"] : []),
  ].join(" ");
}

async function runStatements(
  session: PoolClient,
  request: SqlRequest,
  responseBytesMax: number,
): Promise<SqlAnswer> {
  const types = textUpTo(responseBytesMax);
  const results: StatementResult[] = [];
  for (const statement of request.statements) {
    results.push(await runStatement(session, statement, types));
  }
  return answerResults(request, results, responseBytesMax);
}

function runStatement(
  session: PoolClient,
  statement: SqlStatement,
  types: CustomTypesConfig,
): Promise<StatementResult> {
  // The extended protocol even without parameters: it takes exactly one statement, as Neon does.
  const config: QueryArrayConfig<(string | null)[]> & { queryMode: "extended" } = {
    text: statement.query,
    values: [...statement.params],
    rowMode: "array",
    queryMode: "extended",
    types,
  };
  return session.query<(string | null)[], (string | null)[]>(config);
}

/**
 * Leaves every value as text, and throws once they are too many.
 *
 * node-postgres keeps the first such error, skips the remaining rows and reports it at the statement's end: memory stays
 * bounded, and the statement is not interrupted.
 */
function textUpTo(limitBytes: number): CustomTypesConfig {
  let bytes = 0;
  return {
    getTypeParser: () => (value: string) => {
      bytes += value.length;
      if (bytes > limitBytes) throw new ResponseTooLarge(limitBytes);
      return value;
    },
  };
}
