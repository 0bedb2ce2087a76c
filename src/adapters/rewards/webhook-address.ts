import { isPublicHost } from "./public-address.ts";

/**
 * What is wrong with the address of a webhook, as the end of a sentence about it; null when nothing is.
 *
 * `allowPrivate`: http, and hosts that are not on the public internet, are all right; for a receiver on a developer's machine.
 * Never repeats the address: its path or query may be a secret.
 */
export function webhookAddressProblem(address: string, allowPrivate: boolean): string | null {
  if (!URL.canParse(address)) return "must be an address like https://rewards.example.com/grants";
  const { protocol, hostname, username, password } = new URL(address);
  if (username !== "" || password !== "") {
    return "must not hold a user name or password: the signature says who calls";
  }
  if (protocol !== "https:" && !(allowPrivate && protocol === "http:")) {
    return 'must start with https:// (http:// only with WEBHOOK_ALLOW_PRIVATE = "true")';
  }
  if (!allowPrivate && !isPublicHost(hostname)) {
    return (
      "must name a host on the public internet, not a private address or an internal name " +
      '(these only with WEBHOOK_ALLOW_PRIVATE = "true")'
    );
  }
  return null;
}
