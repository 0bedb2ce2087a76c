import type { RewardGranter } from "../../core/ports.ts";
import { type AccelByteSettings, createAccelByteGranter } from "./accelbyte-granter.ts";
import { recordGranter } from "./record-granter.ts";
import type { ServiceTools } from "./service-call.ts";
import { createWebhookGranter, type WebhookSettings } from "./webhook-granter.ts";

/** Who hands out rewards, with all that this one needs; `src/config-rewards.ts` reads it from the vars. */
export type RewardSettings =
  | { readonly by: "record" }
  | ({ readonly by: "webhook" } & WebhookSettings)
  | ({ readonly by: "accelbyte" } & AccelByteSettings);

/** The granter of this deployment. Opens nothing. */
export function createGranter(settings: RewardSettings, tools: ServiceTools): RewardGranter {
  switch (settings.by) {
    case "record":
      return recordGranter;
    case "webhook":
      return createWebhookGranter(settings, tools);
    case "accelbyte":
      return createAccelByteGranter(settings, tools);
  }
}
