import * as z from "zod";

import type { RewardSettings } from "./adapters/rewards/create-granter.ts";
import { webhookAddressProblem } from "./adapters/rewards/webhook-address.ts";
import { webhookKeys } from "./adapters/rewards/webhook-signature.ts";

export type RewardSettingsResult =
  | { readonly ok: true; readonly rewards: RewardSettings }
  /** As zod reports them, so that they are told like those of every other var. */
  | { readonly ok: false; readonly issues: readonly z.core.$ZodIssue[] };

/** Reads who hands out rewards. The vars of the others are not looked at: they may be half filled in. */
export function parseRewards(vars: object): RewardSettingsResult {
  const chosen = choiceSchema.safeParse(vars);
  if (!chosen.success) return { ok: false, issues: chosen.error.issues };
  const settings = schemaOf(chosen.data).safeParse(vars);
  return settings.success
    ? { ok: true, rewards: settings.data }
    : { ok: false, issues: settings.error.issues };
}

const choiceSchema = z.object({
  REWARDS: z
    .enum(["record", "webhook", "accelbyte"], "must be record, webhook or accelbyte")
    .default("record"),
  WEBHOOK_ALLOW_PRIVATE: z
    .enum(["true", "false", ""], "must be true or false")
    .default("false")
    .transform((value) => value === "true"),
});

function schemaOf(choice: z.infer<typeof choiceSchema>): z.ZodType<RewardSettings> {
  switch (choice.REWARDS) {
    case "record":
      return z.object({}).transform(() => ({ by: "record" }));
    case "webhook":
      return webhookSchema(choice.WEBHOOK_ALLOW_PRIVATE);
    case "accelbyte":
      return accelByteSchema;
  }
}

/** Text that must be there because of what REWARDS says. */
function needed(by: string) {
  return z
    .string(`is missing: REWARDS = "${by}" needs it`)
    .min(1, `is empty: REWARDS = "${by}" needs it`);
}

function webhookSchema(allowPrivate: boolean) {
  return z
    .object({
      WEBHOOK_URL: needed("webhook").check(({ value, issues }) => {
        const message = value === "" ? null : webhookAddressProblem(value, allowPrivate);
        if (message !== null) issues.push({ code: "custom", message, input: value });
      }),
      WEBHOOK_SECRETS: needed("webhook")
        .transform((secrets) => webhookKeys(secrets) ?? [])
        .refine(
          (keys) => keys.length > 0,
          "must be one whsec_… secret, or two while one takes the place of the other; each is base64 of 24 to 64 random bytes",
        ),
    })
    .transform((read): RewardSettings => ({
      by: "webhook",
      url: read.WEBHOOK_URL,
      keys: read.WEBHOOK_SECRETS,
    }));
}

const accelByteSchema = z
  .object({
    AGS_BASE_URL: needed("accelbyte")
      .refine(
        isServiceAddress,
        "must be like https://studio.gamingservices.accelbyte.io (http only on this machine)",
      )
      .transform((address) => address.replace(/\/+$/, "")),
    // What stands in a Basic header before the colon, and cannot hold one.
    AGS_CLIENT_ID: needed("accelbyte").regex(
      /^[!-9;-~]+$/,
      "must be the id of a confidential IAM client",
    ),
    AGS_CLIENT_SECRET: needed("accelbyte").regex(
      /^[!-~]+$/,
      "must be the secret of that IAM client",
    ),
    AGS_NAMESPACE: z
      .string("must be text")
      .regex(/^[a-z0-9-]{0,64}$/, "must match [a-z0-9-]{1,64}, or be empty: the player's own")
      .default(""),
    AGS_ITEM_GRANTS: z
      .enum(["entitlement", "fulfillment"], "must be entitlement or fulfillment")
      .default("entitlement"),
  })
  .transform((read): RewardSettings => ({
    by: "accelbyte",
    baseUrl: read.AGS_BASE_URL,
    clientId: read.AGS_CLIENT_ID,
    clientSecret: read.AGS_CLIENT_SECRET,
    namespace: read.AGS_NAMESPACE === "" ? null : read.AGS_NAMESPACE,
    itemGrants: read.AGS_ITEM_GRANTS,
  }));

function isServiceAddress(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(value);
  if (username + password + search + hash !== "") return false;
  if (protocol === "https:") return true;
  return protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
}
