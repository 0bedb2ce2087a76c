import {
  DatabaseError,
  Pool,
  type CustomTypesConfig,
  type PoolClient,
  type QueryArrayConfig,
} from "pg";

import {
  answerResults,
  ConnectFailed,
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

/** Neon's proxy holds as many per endpoint. The local Postgres takes 100 in all. */
const CONNECTIONS_PER_DATABASE_MAX = 20;
/** Tests make many databases; their connections should not pile up. */
const IDLE_CONNECTION_MS = 10_000;
/** A remote database that sleeps needs a few seconds to wake. */
const CONNECT_TIMEOUT_MS = 15_000;

/** Connections to the databases of one server, opened as requests name them. */
export class DatabaseSessions {
  readonly #serverUrl: string;
  readonly #responseBytesMax: number;
  readonly #pools = new Map<string, Pool>();

  constructor(serverUrl: string, responseBytesMax: number) {
    this.#serverUrl = serverUrl;
    this.#responseBytesMax = responseBytesMax;
  }

  /**
   * Runs a request to its end and answers it.
   *
   * A single statement commits by itself; a batch is one transaction, rolled back at its first error. Throws what
   * node-postgres throws, ConnectFailed, or ResponseTooLarge: then a single statement has run all the same.
   */
  async run(request: SqlRequest): Promise<SqlAnswer> {
    const session = await this.#connect(request.database);
    let keep = false;
    try {
      const run = request.batch === null ? runStatements : inTransaction(request.batch);
      const answer = await run(session, request, this.#responseBytesMax);
      keep = session.getTransactionStatus() === "I";
      return answer;
    } catch (error) {
      // A statement that Postgres refused leaves a sound session; anything else may have left a broken one.
      keep = error instanceof DatabaseError && session.getTransactionStatus() === "I";
      throw error;
    } finally {
      session.release(!keep);
    }
  }

  /** Closes all connections; statements that are still running are waited for. */
  async end(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.end()));
    this.#pools.clear();
  }

  async #connect(database: string): Promise<PoolClient> {
    try {
      return await this.#poolOf(database).connect();
    } catch (error) {
      throw new ConnectFailed("could not connect to postgres", { cause: error });
    }
  }

  #poolOf(database: string): Pool {
    const known = this.#pools.get(database);
    if (known !== undefined) return known;
    const url = new URL(this.#serverUrl);
    url.pathname = `/${encodeURIComponent(database)}`;
    const pool = new Pool({
      connectionString: url.href,
      max: CONNECTIONS_PER_DATABASE_MAX,
      idleTimeoutMillis: IDLE_CONNECTION_MS,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    });
    // An idle connection that the server ends (a dropped database, a restart) is replaced when next needed.
    pool.on("error", () => {});
    // The pool listens only while a connection is idle; a lost one in use fails its statement, not the process.
    pool.on("connect", (session) => session.on("error", () => {}));
    this.#pools.set(database, pool);
    return pool;
  }
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
