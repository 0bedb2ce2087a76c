import { FailureError } from "../../core/errors.ts";
import { type Database, DatabaseError, type SqlParameter } from "./connect.ts";

/** What a caller is told to wait when Postgres does not answer: a sleeping compute wakes within a second. */
const RETRY_AFTER_SECONDS = 2;

/**
 * Asks Postgres on behalf of a request.
 *
 * Throws FailureError DATABASE_UNAVAILABLE when it does not answer, and the DatabaseError itself when the statement was
 * refused: that is a fault of the statement, or a conflict that the caller knows how to take.
 */
export async function queryOrUnavailable(
  database: Database,
  query: string,
  parameters: readonly SqlParameter[],
): Promise<unknown[][]> {
  try {
    return await database.query(query, parameters);
  } catch (error) {
    if (error instanceof DatabaseError && isRefusal(error)) throw error;
    const failure = {
      code: "DATABASE_UNAVAILABLE",
      detail: "Postgres does not answer. Send the request again in a moment.",
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    } as const;
    throw new FailureError(failure, { cause: error });
  }
}

/** SQLSTATE classes that mean the server, not the statement: connection, resources, operator, system, configuration. */
const SERVER_FAULTS = /^(08|28|3D|53|57|58|XX)/;

function isRefusal({ isDefinite, sqlState }: DatabaseError): boolean {
  return isDefinite && sqlState !== null && !SERVER_FAULTS.test(sqlState);
}
