import * as z from "zod";

/** One request; a body is sent as JSON. */
export interface OverloadRequest {
  readonly method: "GET" | "POST" | "PUT";
  readonly path: string;
  readonly credential: string;
  readonly body?: object;
}

export interface OverloadAnswer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: unknown;
}

const REQUEST_TIMEOUT_MS = 30_000;

/** Sends a request once; null when nobody answered. */
export async function ask(
  baseUrl: string,
  { method, path, credential, body }: OverloadRequest,
): Promise<OverloadAnswer | null> {
  try {
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers: { Authorization: `Bearer ${credential}`, "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    const text = await response.text();
    const retryAfter = response.headers.get("Retry-After");
    return { status: response.status, retryAfter, body: text === "" ? null : JSON.parse(text) };
  } catch {
    return null;
  }
}

const RESULTS = z.object({
  results: z.array(
    z.object({
      index: z.number(),
      status: z.enum(["accepted", "duplicate", "ignored", "rejected"]),
      code: z.string().nullable(),
    }),
  ),
});
const PROBLEM = z.object({ code: z.string() });

/** What became of each event of a request: taken, refused for good, or not known. */
export type EventFate = "taken" | "refused" | "unknown";

/** Reads what an answer to POST /v1/events?results=all says about each of `count` events. */
export function fatesOf(answer: OverloadAnswer | null, count: number): EventFate[] {
  const all = (fate: EventFate) => Array.from({ length: count }, () => fate);
  if (answer === null) return all("unknown");
  if (answer.status !== 202) {
    // Only this code says that nothing was taken; after any other the same ids have to be sent again.
    const { data } = PROBLEM.safeParse(answer.body);
    return all(data?.code === "SHARD_OVERLOADED" ? "refused" : "unknown");
  }
  const fates = all("unknown");
  for (const { index, status, code } of RESULTS.parse(answer.body).results) {
    const isTaken = status === "accepted" || status === "duplicate";
    if (isTaken) fates[index] = "taken";
    else if (status === "rejected" && code === "SHARD_OVERLOADED") fates[index] = "refused";
  }
  return fates;
}
