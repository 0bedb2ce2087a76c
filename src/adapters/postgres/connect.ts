import { neon, neonConfig, NeonDbError } from "@neondatabase/serverless";

/** Where Postgres is, and how long one statement may take. */
export interface DatabaseSettings {
  readonly databaseUrl: string;
  /** Any Neon-compatible proxy's /sql address; null: the one that the driver derives from the host. */
  readonly httpEndpoint: string | null;
  readonly timeoutMs: number;
}

/** A value as a parameter; arrays become Postgres arrays. */
export type SqlParameter =
  | string
  | number
  | boolean
  | null
  | readonly (string | number | boolean | null)[];

/** Postgres over HTTP: each call is one round trip, nothing is kept open. Rows are arrays in column order. */
export interface Database {
  /** Throws DatabaseError. */
  query(text: string, parameters: readonly SqlParameter[]): Promise<unknown[][]>;
}

/**
 * A statement that failed.
 *
 * `isDefinite` only for an answer with an SQLSTATE: it was rolled back. A lost connection, a timeout, any other status and
 * a 400 without SQLSTATE may have committed (Neon's proxy goes on to COMMIT after its client has gone).
 */
export class DatabaseError extends Error {
  readonly isDefinite: boolean;
  readonly sqlState: string | null;
  /** What the statement holds is the reason: sent again, it would be refused again. */
  readonly isDataFault: boolean;

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = "DatabaseError";
    const code = cause instanceof NeonDbError ? cause.code : undefined;
    this.sqlState = code !== undefined && SQLSTATE.test(code) ? code : null;
    // 08P01 is what the proxy answers for a cancelled statement, also during its COMMIT.
    this.isDefinite = this.sqlState !== null && this.sqlState !== "08P01";
    this.isDataFault = this.sqlState !== null && DATA_FAULT.test(this.sqlState);
  }
}

/** Why a statement was given up; it may go on at the other end. */
class StatementTimeout extends Error {
  constructor(timeoutMs: number) {
    super(`Postgres did not answer within ${timeoutMs} ms.`);
    this.name = "StatementTimeout";
  }
}

const SQLSTATE = /^[0-9A-Z]{5}$/;
/** Classes 22 (data exception) and 23 (constraint violation), and 21000: one statement wrote a row twice. */
const DATA_FAULT = /^(22...|23...|21000)$/;

/** Opens nothing: makes the functions that send statements. The only place that knows the driver. */
export function connect({ databaseUrl, httpEndpoint, timeoutMs }: DatabaseSettings): Database {
  // The driver takes this address from a global only.
  if (httpEndpoint !== null) neonConfig.fetchEndpoint = httpEndpoint;
  const sql = neon(databaseUrl, { arrayMode: true });
  return {
    query: async (text, parameters) => {
      // The driver has no time limit of its own. Not AbortSignal.timeout: its timer outlives the answer, and a Durable
      // Object is not evicted while one is pending.
      const timeout = new AbortController();
      const timer = setTimeout(() => timeout.abort(new StatementTimeout(timeoutMs)), timeoutMs);
      try {
        return await sql.query(text, [...parameters], { fetchOptions: { signal: timeout.signal } });
      } catch (error) {
        throw new DatabaseError(error);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
