import type { GrantOutcome } from "../../core/ports.ts";
import type { PlatformAnswer } from "./accelbyte-api.ts";
import { outcomeOfAnswer } from "./outcome-of-answer.ts";
import { jsonObject } from "./spoken-reason.ts";

/** errorCode of a 404 that is about the reward: no such item, no such sku, no such currency (AGS error codes). */
const NO_SUCH_REWARD: ReadonlySet<number> = new Set([30341, 30343, 36141]);
/** errorCode of a fulfillment whose transaction id was used with other items: it may have been paid as those. */
const OTHER_PAYLOAD = 38128;

/** What an answer of AGS says about a grant: as of any service, but where its error codes say more than the status. */
export function outcomeOfPlatformAnswer(answer: PlatformAnswer): GrantOutcome {
  if (answer.kind === "no-token") return { outcome: "deferred", reason: answer.reason };
  const outcome = outcomeOfAnswer(answer);
  if (answer.kind === "lost" || outcome.outcome === "granted") return outcome;
  const errorCode = errorCodeOf(answer.text);
  if (errorCode === null) return outcome;
  const reason = `${outcome.reason} (${errorCode})`;
  if (answer.status === 404 && NO_SUCH_REWARD.has(errorCode)) {
    return { outcome: "rejected", reason: `AGS does not know this reward (${errorCode}).` };
  }
  if (errorCode === OTHER_PAYLOAD) return { outcome: "unknown", reason };
  return { ...outcome, reason };
}

/** The number by which AGS names an error; null when the answer has none, and so may not be of AGS at all. */
export function errorCodeOf(text: string): number | null {
  const errorCode = jsonObject(text)?.["errorCode"];
  return typeof errorCode === "number" ? errorCode : null;
}

/** For a fulfillment: 200 says how it ended, not that it went well. */
export function outcomeOfFulfillment(answer: PlatformAnswer): GrantOutcome {
  const outcome = outcomeOfPlatformAnswer(answer);
  if (answer.kind !== "answered" || outcome.outcome !== "granted") return outcome;
  const state = jsonObject(answer.text)?.["state"];
  // What an operator has revoked was paid: it must not be paid again.
  if (state === "FULFILLED" || state === "REVOKED" || state === "REVOKE_FAILED") return outcome;
  return { outcome: "unknown", reason: `AGS left the fulfillment in state ${String(state)}.` };
}
