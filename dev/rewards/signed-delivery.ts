import { createHmac } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** Whether a delivery is signed with `secret` (`whsec_…`) as Standard Webhooks 1.0 has it; told apart from the product's code. */
export function isSigned(headers: IncomingHttpHeaders, body: string, secret: string): boolean {
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  const mac = createHmac("sha256", key)
    .update(`${String(headers["webhook-id"])}.${String(headers["webhook-timestamp"])}.${body}`)
    .digest("base64");
  return String(headers["webhook-signature"]).split(" ").includes(`v1,${mac}`);
}
