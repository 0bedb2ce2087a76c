import { DatabaseError, Pool, type PoolClient } from "pg";

import { ConnectFailed, type SqlAnswer } from "./neon-endpoint-answer.ts";
import type { SqlRequest } from "./neon-endpoint-request.ts";
import { runRequest } from "./neon-endpoint-statements.ts";

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
      const answer = await runRequest(session, request, this.#responseBytesMax);
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
