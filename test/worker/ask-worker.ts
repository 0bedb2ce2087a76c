import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";

import { sha256Hex } from "../../src/sha256.ts";
import worker from "../../src/worker.ts";

const KEY = "gk_test_secret";

/** Asks the deployed Worker, with a key of the namespace that may do everything there; `vars` take the place of its own. */
export async function askWorker(
  namespace: string,
  path: string,
  init: { readonly method?: string; readonly body?: string } = {},
  vars: Partial<Env> = {},
): Promise<Response> {
  const scopes = ["events:write", "players:read", "players:write"];
  const keys = [{ id: "test", sha256: sha256Hex(KEY), namespace, scopes }];
  const headers = { Authorization: `Bearer ${KEY}`, "Content-Type": "application/json" };
  const request = new Request<unknown, IncomingRequestCfProperties>(`http://gauntlet.test${path}`, {
    ...init,
    headers,
  });
  const context = createExecutionContext();
  const all = { ...env, API_KEYS: JSON.stringify(keys), ...vars };
  const response = await worker.fetch(request, all, context);
  await waitOnExecutionContext(context);
  return response;
}
