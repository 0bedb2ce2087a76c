import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

import { answerControl, CONTROL_PATH } from "./faults/control.ts";
import type { FaultInjector } from "./faults/fault-injector.ts";
import { answerFailure, type SqlAnswer } from "./neon-endpoint-answer.ts";
import type { Around, CutOff } from "./neon-endpoint-around.ts";
import { plainAnswer, readBody, REQUEST_BYTES_MAX, sendAnswer } from "./neon-endpoint-http.ts";
import {
  BadRequest,
  parseCredentials,
  parseSqlRequest,
  type Credentials,
} from "./neon-endpoint-request.ts";
import type { DatabaseSessions } from "./neon-endpoint-sessions.ts";

/** What requests are handled with. */
export interface EndpointParts {
  /** What callers must show. */
  readonly own: Credentials;
  readonly sessions: DatabaseSessions;
  readonly around: Around;
  readonly faults: FaultInjector;
}

/** Answers one request, or ends its connection; never rejects. */
export async function handleRequest(
  request: IncomingMessage,
  response: ServerResponse,
  parts: EndpointParts,
): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const answer = await answerTo(request, parts, gone.signal);
  if (answer === "drop") response.destroy();
  else if (answer === "reset") request.socket.resetAndDestroy();
  else sendAnswer(response, answer);
}

async function answerTo(
  request: IncomingMessage,
  { own, sessions, around, faults }: EndpointParts,
  gone: AbortSignal,
): Promise<SqlAnswer | CutOff> {
  if (request.url === CONTROL_PATH) return answerControl(request, faults);
  if (request.url !== "/sql") return plainAnswer(404, "The endpoint serves POST /sql only.");
  if (request.method !== "POST") return plainAnswer(405, "Use POST /sql.");
  try {
    const credentials = parseCredentials(request.headers["neon-connection-string"]);
    const body = await readBody(request);
    if (body === null) {
      return plainAnswer(413, `request is too large (max is ${REQUEST_BYTES_MAX} bytes)`);
    }
    if (!sameSecret(credentials, own)) {
      throw new BadRequest(`password authentication failed for user '${credentials.user}'`);
    }
    const sql = parseSqlRequest(request.headers, body, credentials.database);
    return await around(sql, (altered = sql) => sessions.run(altered).catch(answerFailure), gone);
  } catch (error) {
    return answerFailure(error);
  }
}

function sameSecret(given: Credentials, own: Credentials): boolean {
  const digest = ({ user, password }: Credentials) =>
    createHash("sha256")
      .update(JSON.stringify([user, password]))
      .digest();
  return timingSafeEqual(digest(given), digest(own));
}
