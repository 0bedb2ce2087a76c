import * as z from "zod";

import type { AccelByteApi } from "./accelbyte-api.ts";
import { errorCodeOf } from "./accelbyte-outcome.ts";

/** `undecided`: AGS did not say; the reason is for the log. */
export type CreditSearch =
  | { readonly kind: "found" }
  | { readonly kind: "absent" }
  | { readonly kind: "undecided"; readonly reason: string };

/** The metadata field under which a credit carries its grant id. */
export const GRANT_ID_FIELD = "gauntletGrantId";

/** errorCode of a player who has no wallet in a currency: nothing was ever credited. */
const NO_WALLET = 35141;
const PAGE_SIZE = 100;
/** Newest 500 transactions of one player in one currency: more than a day of any game that we know of. */
const PAGES_MAX = 5;

const pageSchema = z.object({
  data: z.array(z.object({ metadata: z.record(z.string(), z.unknown()).nullish() })),
});

/** Looks for the credit of a grant among a wallet's newest transactions. `walletsPath`: of the player's wallets. Never throws. */
export async function findCredit(
  api: AccelByteApi,
  walletsPath: string,
  currency: string,
  grantId: string,
): Promise<CreditSearch> {
  for (let page = 0; page < PAGES_MAX; page++) {
    const query = `offset=${page * PAGE_SIZE}&limit=${PAGE_SIZE}`;
    const path = `${walletsPath}/currencies/${currency}/transactions?${query}`;
    const answer = await api.call({ method: "GET", path });
    if (answer.kind !== "answered") return { kind: "undecided", reason: answer.reason };
    if (answer.status === 404 && errorCodeOf(answer.text) === NO_WALLET) return { kind: "absent" };
    const grantIds = answer.status === 200 ? grantIdsOn(answer.text) : null;
    if (grantIds === null) {
      return {
        kind: "undecided",
        reason: `AGS answered ${answer.status} to a look into the wallet.`,
      };
    }
    if (grantIds.includes(grantId)) return { kind: "found" };
    if (grantIds.length < PAGE_SIZE) return { kind: "absent" };
  }
  return {
    kind: "undecided",
    reason: "The wallet has too many newer transactions to look through.",
  };
}

function grantIdsOn(text: string): unknown[] | null {
  try {
    return pageSchema
      .parse(JSON.parse(text))
      .data.map(({ metadata }) => metadata?.[GRANT_ID_FIELD]);
  } catch {
    return null;
  }
}
