import type { GrantOutcome, GrantRequest, RewardGranter } from "../../core/ports.ts";
import { outcomeOfAnswer } from "./outcome-of-answer.ts";
import { callService, type ServiceTools } from "./service-call.ts";
import { type WebhookKey, webhookSignatures } from "./webhook-signature.ts";

/** Where grants are sent, and what they are signed with. */
export interface WebhookSettings {
  readonly url: string;
  /** One, or two while one takes the place of the other. */
  readonly keys: readonly WebhookKey[];
}

/** Enough for the sentence of a refusal; nothing else is read of an answer. */
const ANSWER_BYTES_MAX = 4_096;

/**
 * Hands grants to the game's own service, by Standard Webhooks 1.0 (docs/rewards.md).
 *
 * One call is one attempt. The receiver must treat a repeated webhook-id as the same grant: a call whose answer was lost is
 * repeated.
 */
export function createWebhookGranter(
  settings: WebhookSettings,
  tools: ServiceTools,
): RewardGranter {
  return {
    grant: async (request): Promise<GrantOutcome> => {
      const body = bodyOf(request);
      const timestampSeconds = Math.floor(tools.clock.now() / 1_000);
      const id = request.grantId;
      const headers = {
        "Content-Type": "application/json",
        "User-Agent": "Gauntlet",
        "Idempotency-Key": id,
        "webhook-id": id,
        "webhook-timestamp": String(timestampSeconds),
        "webhook-signature": await webhookSignatures({ id, timestampSeconds, body }, settings.keys),
      };
      const init = { method: "POST", headers, body };
      return outcomeOfAnswer(await callService(tools, settings.url, init, ANSWER_BYTES_MAX));
    },
  };
}

/** Byte for byte the same for every attempt, time included: receivers compare a repeat with what they saw first. */
function bodyOf({ grantId, namespace, userId, challengeId, goalId, reward }: GrantRequest): string {
  const { type, rewardId, quantity } = reward;
  const data = {
    grantId,
    namespace,
    userId,
    challengeId,
    goalId,
    reward: { type, rewardId, quantity },
  };
  return JSON.stringify({ type: "reward.grant", data });
}
