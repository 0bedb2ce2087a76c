import type { RepairGrant } from "../../core/operation.ts";
import { serverAccess } from "../auth/access.ts";
import { noBody } from "../body.ts";
import { defineRoute, type Route } from "../define-route.ts";
import { noQuery } from "../query.ts";
import { repairGrant } from "../repair-grant.ts";

/** Has an open grant asked for again, at once, under the same key. */
export const retryGrant = repairRoute("retry", "retry");

/** Marks an open grant as paid: an operator has seen that it was, or has paid it by hand. */
export const deliverGrant = repairRoute("delivered", "deliver");

/** Takes an open grant back: the goal can be claimed again, under the same grant id. */
export const cancelGrant = repairRoute("cancel", "cancel");

function repairRoute(verb: string, repair: RepairGrant["repair"]): Route {
  return defineRoute({
    method: "POST",
    path: `/v1/admin/grants/:grantId/${verb}`,
    access: serverAccess("players:write"),
    query: noQuery,
    body: noBody,
    handle: (handling) => {
      const { namespace } = handling.caller;
      return repairGrant(handling, namespace, handling.param("grantId"), repair);
    },
  });
}
