import type { GrantOutcome, GrantRequest, RewardGranter } from "../../core/ports.ts";
import { AccelByteApi, pathSegment } from "./accelbyte-api.ts";
import { findCredit, GRANT_ID_FIELD } from "./accelbyte-credits.ts";
import { outcomeOfFulfillment, outcomeOfPlatformAnswer } from "./accelbyte-outcome.ts";
import type { AccelByteClient } from "./accelbyte-token.ts";
import type { ServiceTools } from "./service-call.ts";

/** How AGS is reached, and which of its two ways to hand out items is used. */
export interface AccelByteSettings extends AccelByteClient {
  /** Null: the namespace of the player is the one in AGS, too. */
  readonly namespace: string | null;
  /** `fulfillment` can tell a repeat by its transaction id, and is not in Shared Cloud; `entitlement` cannot, and is everywhere. */
  readonly itemGrants: "entitlement" | "fulfillment";
}

/** A call that we gave up may still be under way at AGS; after this long its credit is in the wallet, or never will be. */
export const AGS_SETTLE_MS = 60_000;

/**
 * Hands out rewards by AccelByte Gaming Services, Platform: ITEM as an entitlement, WALLET as a credit.
 *
 * AGS cannot tell a repeated credit or entitlement from a new one, so neither is asked for again while an earlier call may
 * have paid: a credit is looked for in the wallet first, an entitlement is left to an operator (docs/rewards.md).
 */
export function createAccelByteGranter(
  settings: AccelByteSettings,
  tools: ServiceTools,
): RewardGranter {
  const api = new AccelByteApi(settings, tools);
  return {
    grant: async (request): Promise<GrantOutcome> => {
      const namespace = settings.namespace ?? request.namespace;
      const user = pathSegment(request.userId);
      if (user === null) return { outcome: "rejected", reason: "AGS has no user of this id." };
      const userPath = `namespaces/${encodeURIComponent(namespace)}/users/${user}`;
      if (request.reward.type === "WALLET") return creditWallet(api, tools, userPath, request);
      return settings.itemGrants === "fulfillment"
        ? fulfillItem(api, userPath, request)
        : grantEntitlement(api, userPath, namespace, request);
    },
  };
}

async function creditWallet(
  api: AccelByteApi,
  { clock }: ServiceTools,
  userPath: string,
  { grantId, challengeId, goalId, reward, unansweredAt }: GrantRequest,
): Promise<GrantOutcome> {
  const currency = pathSegment(reward.rewardId);
  if (currency === null) return { outcome: "rejected", reason: "AGS has no such currency." };
  const walletsPath = `/platform/admin/${userPath}/wallets`;
  if (unansweredAt !== null) {
    const search = await findCredit(api, walletsPath, currency, grantId);
    if (search.kind === "found") return { outcome: "granted" };
    if (search.kind === "undecided") return { outcome: "deferred", reason: search.reason };
    if (clock.now() - unansweredAt < AGS_SETTLE_MS) {
      return { outcome: "deferred", reason: "An earlier credit may still be under way at AGS." };
    }
  }
  const body = {
    amount: reward.quantity,
    source: "REWARD",
    reason: `Challenge reward ${grantId}`,
    metadata: { [GRANT_ID_FIELD]: grantId, challengeId, goalId },
  };
  const path = `${walletsPath}/${currency}/credit`;
  return outcomeOfPlatformAnswer(await api.call({ method: "PUT", path, body }));
}

/** AGS keeps the fulfillment under its transaction id, and completes or repeats its answer, whatever is lost. */
async function fulfillItem(
  api: AccelByteApi,
  userPath: string,
  { grantId, challengeId, goalId, reward }: GrantRequest,
): Promise<GrantOutcome> {
  const metadata = { [GRANT_ID_FIELD]: grantId, challengeId, goalId };
  const item = { itemId: reward.rewardId, quantity: reward.quantity, source: "REWARD", metadata };
  const path = `/platform/v3/admin/${userPath}/fulfillments/${encodeURIComponent(grantId)}`;
  return outcomeOfFulfillment(await api.call({ method: "PUT", path, body: { items: [item] } }));
}

async function grantEntitlement(
  api: AccelByteApi,
  userPath: string,
  itemNamespace: string,
  { reward, unansweredAt }: GrantRequest,
): Promise<GrantOutcome> {
  if (unansweredAt !== null) {
    const advice = "Look at the player's entitlements in AGS, then mark the grant or cancel it.";
    return { outcome: "unknown", reason: `AGS may have granted this item already. ${advice}` };
  }
  const { rewardId: itemId, quantity } = reward;
  const body = [{ itemId, itemNamespace, quantity, source: "REWARD" }];
  const path = `/platform/admin/${userPath}/entitlements`;
  return outcomeOfPlatformAnswer(await api.call({ method: "POST", path, body }));
}
