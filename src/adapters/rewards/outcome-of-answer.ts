import type { GrantOutcome } from "../../core/ports.ts";
import type { ServiceAnswer } from "./service-call.ts";
import { spokenReason } from "./spoken-reason.ts";

/** The caller is not let in, or there is nothing at the address: about this deployment, not about the reward. */
const CONFIGURATION_STATUSES: ReadonlySet<number> = new Set([401, 403, 404, 405, 410]);
const TOO_MANY_REQUESTS = 429;
/** Of the 4xx, those after which the grant may be done, or under way. */
const UNDECIDED_STATUSES: ReadonlySet<number> = new Set([408, 409]);

/**
 * What an answer says about a grant.
 *
 * 2xx: granted. 3xx, 401, 403, 404, 405, 410 and 429: nothing was paid, and the next try may succeed once somebody has
 * repaired the configuration or the service has time. Other 4xx except 408 and 409: rejected for good. Everything else, and
 * no answer at all: unknown.
 */
export function outcomeOfAnswer(answer: ServiceAnswer): GrantOutcome {
  if (answer.kind === "lost") return { outcome: "unknown", reason: answer.reason };
  const { status } = answer;
  if (status >= 200 && status < 300) return { outcome: "granted" };
  const said = spokenReason(answer.text);
  const told = `The reward service answered ${status}${said === null ? "." : `: ${said}`}`;
  if ((status >= 300 && status < 400) || CONFIGURATION_STATUSES.has(status)) {
    const hint = "Nothing will be paid until the address and the credentials of REWARDS are right.";
    return { outcome: "deferred", reason: `Configuration fault. ${told} ${hint}` };
  }
  if (status === TOO_MANY_REQUESTS) return { outcome: "deferred", reason: told };
  if (status < 400 || status >= 500 || UNDECIDED_STATUSES.has(status)) {
    return { outcome: "unknown", reason: told };
  }
  return { outcome: "rejected", reason: told };
}
