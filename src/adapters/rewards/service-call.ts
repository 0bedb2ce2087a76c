import type { Clock } from "../../core/ports.ts";

/** What adapters of reward services use of the platform; tests bring their own. */
export interface ServiceTools {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** The real time: of signatures, tokens and calls that went unanswered. */
  readonly clock: Clock;
  /** A call that takes longer is given up; what it did is unknown then. */
  readonly timeoutMs: number;
}

/** `lost`: no answer came, and whether the service did what it was asked is unknown. */
export type ServiceAnswer =
  | { readonly kind: "answered"; readonly status: number; readonly text: string }
  | { readonly kind: "lost"; readonly reason: string };

/** A claim's request waits 2 s for its grant in any case; a service that takes longer should be able to finish, not be asked twice. */
export const SERVICE_TIMEOUT_MS = 10_000;
/** Characters kept of what an error says; it goes into the log. */
const ERROR_LENGTH_MAX = 200;

/**
 * One call to a reward service: no retry, no redirect followed, at most `bytesMax` bytes of the answer read.
 *
 * An answer whose body breaks off is an answer: its status says what became of the grant. Never throws.
 */
export async function callService(
  { fetch, timeoutMs }: ServiceTools,
  url: string,
  init: RequestInit,
  bytesMax: number,
): Promise<ServiceAnswer> {
  // Not AbortSignal.timeout: its timer outlives the answer, and a Durable Object is not evicted while one is pending.
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(new Error("timeout")), timeoutMs);
  try {
    const response = await fetch(url, { ...init, redirect: "manual", signal: timeout.signal });
    const text = await startOf(response.body, bytesMax);
    return { kind: "answered", status: response.status, text };
  } catch (error) {
    return { kind: "lost", reason: timeout.signal.aborted ? late(timeoutMs) : broken(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** The beginning of a body as text; what was read until it broke off, when it does. */
async function startOf(body: ReadableStream<Uint8Array> | null, bytesMax: number): Promise<string> {
  if (body === null) return "";
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let left = bytesMax;
  try {
    while (left > 0) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      text += decoder.decode(value.subarray(0, left), { stream: true });
      left -= value.byteLength;
    }
    await reader.cancel();
  } catch {
    // The rest of the body is lost; the status is not.
  }
  return text;
}

function late(timeoutMs: number): string {
  return `The reward service did not answer within ${timeoutMs} ms.`;
}

function broken(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  return `The call to the reward service broke off: ${said.slice(0, ERROR_LENGTH_MAX)}`;
}
