import type { IncomingMessage } from "node:http";

import * as z from "zod";

import type { SqlAnswer } from "../neon-endpoint-answer.ts";
import { plainAnswer, readBody } from "../neon-endpoint-http.ts";
import type { FaultInjector } from "./fault-injector.ts";
import { parseFaultPlan } from "./fault-plan.ts";

/** GET tells plan and counts, PUT sets a plan, DELETE lets everything through; each answers a FaultStatus. */
export const CONTROL_PATH = "/__faults";

/** Answers a request to the control address; only programs of this machine are served. */
export async function answerControl(
  request: IncomingMessage,
  faults: FaultInjector,
): Promise<SqlAnswer> {
  if (!isLocal(request)) return plainAnswer(403, "Faults are set from this machine only.");
  if (request.method === "PUT") {
    try {
      faults.follow(parseFaultPlan(JSON.parse((await readBody(request)) ?? "")));
    } catch (error) {
      return plainAnswer(400, `This is no fault plan: ${reasonOf(error)}`);
    }
  } else if (request.method === "DELETE") {
    faults.follow(null);
  } else if (request.method !== "GET") {
    return plainAnswer(405, "Use GET, PUT or DELETE.");
  }
  return { status: 200, headers: {}, body: JSON.stringify(faults.status()) };
}

/** The name as well as the address: a web page can make a browser of this machine ask, under a name of its own. */
function isLocal({ headers, socket }: IncomingMessage): boolean {
  const name = headers.host?.replace(/:\d+$/, "");
  const isLocalName = name === "127.0.0.1" || name === "localhost";
  return isLocalName && /^(::ffff:)?127\./.test(socket.remoteAddress ?? "");
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) return z.prettifyError(error);
  return error instanceof Error ? error.message : String(error);
}
