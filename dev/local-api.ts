import * as z from "zod";

import { StackProblem } from "./stack-problem.ts";

const PROBLEM = z.object({
  code: z.string(),
  detail: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

/** A catalog of 5,000 goals takes a few seconds to check, store and report on; then something is wrong. */
const CALL_TIMEOUT_MS = 60_000;

/** One call of the running Worker. */
export interface ApiCall {
  readonly method?: string;
  readonly credential: string;
  readonly body?: unknown;
}

/** What the Worker answered: the document of a 2xx, or the problem. */
export type ApiAnswer =
  | { readonly ok: true; readonly document: unknown }
  | { readonly ok: false; readonly status: number; readonly problem: z.infer<typeof PROBLEM> };

/** Calls the Worker. Throws StackProblem when it cannot be reached or answers something that is not its contract. */
export async function callApi(url: string, call: ApiCall): Promise<ApiAnswer> {
  const response = await request(url, call);
  const text = await response.text();
  const document = parseJson(text);
  if (response.ok && document !== undefined) return { ok: true, document };
  const problem = PROBLEM.safeParse(document);
  if (!response.ok && problem.success) {
    return { ok: false, status: response.status, problem: problem.data };
  }
  throw new StackProblem(
    `${call.method ?? "GET"} ${url} answered ${response.status}: ${text.slice(0, 500)}`,
  );
}

async function request(url: string, { method, credential, body }: ApiCall): Promise<Response> {
  try {
    return await fetch(url, {
      method: method ?? "GET",
      headers: {
        Authorization: `Bearer ${credential}`,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    });
  } catch (error) {
    throw new StackProblem(
      `Nothing answers at ${new URL(url).origin}. Start the stack (npm run dev), or name its port: PORT=8788`,
      { cause: error },
    );
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
