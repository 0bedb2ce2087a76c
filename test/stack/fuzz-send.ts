import { request } from "node:http";
import { gzipSync } from "node:zlib";

import type { Answer } from "./api.ts";

/** A request as a fuzz test makes it up: printable, so that a counterexample can be read and sent again. */
export interface FuzzRequest {
  readonly method: string;
  /** Path and query as they go over the wire. */
  readonly target: string;
  /** A name among the test's credentials; null sends none. */
  readonly as: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: FuzzBody | null;
}

export interface FuzzBody {
  readonly text: string;
  /** `latin1` sends each character as one byte, which makes invalid UTF-8; `gzip` packs the UTF-8. */
  readonly sentAs: "utf8" | "latin1" | "gzip";
  /** Without a Content-Length. */
  readonly isChunked: boolean;
}

/** No request may take longer: a claim waits 2 s for its reward, and all the rest takes milliseconds. */
export const ANSWER_WITHIN_MS = 5_000;

/**
 * Sends the request as it is: unlike `fetch` it takes any method, and leaves dots and odd escapes in the path alone.
 *
 * Throws when there is no whole answer in time.
 */
export function sendAsIs(
  url: string,
  { method, target, headers, body }: FuzzRequest,
  authorization: string | null,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const bytes = body === null ? null : bytesOf(body);
  const { hostname, port } = new URL(url);
  const sent = request({
    hostname,
    port,
    // A server may close a connection whose body it did not want to read: the next request must not be on it.
    agent: false,
    method,
    path: target,
    headers: {
      ...(authorization === null ? {} : { Authorization: authorization }),
      ...(body === null || bytes === null ? {} : framing(body, bytes)),
      ...headers,
    },
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  });
  sent.on("error", reject);
  sent.on("response", (response) => {
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.on("error", reject);
    response.on("end", () => {
      const text = Buffer.concat(chunks).toString();
      const answered = new Headers(Object.entries(response.headersDistinct).flatMap(linesOf));
      resolve({
        status: response.statusCode ?? 0,
        headers: answered,
        text,
        json: parsed(text),
      });
    });
  });
  sent.end(bytes ?? undefined);
  return promise;
}

/** Said in so many words: without, node would send the body of a GET as if it were the next request. */
function framing({ isChunked }: FuzzBody, bytes: Buffer): Record<string, string> {
  return isChunked
    ? { "Transfer-Encoding": "chunked" }
    : { "Content-Length": String(bytes.length) };
}

function linesOf([name, values]: [string, string[] | undefined]): [string, string][] {
  return (values ?? []).map((value) => [name, value]);
}

function bytesOf({ text, sentAs }: FuzzBody): Buffer {
  return sentAs === "gzip" ? gzipSync(text) : Buffer.from(text, sentAs);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
