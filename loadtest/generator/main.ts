import { setTimeout as sleep } from "node:timers/promises";

import { signTokens } from "../fixtures/tokens.ts";
import { userIdsOf } from "../fixtures/user-ids.ts";
import { HttpPool } from "./http-pool.ts";
import type { GeneratorMessage, Plan } from "./plan.ts";
import { runPlan } from "./run-plan.ts";
import { World } from "./world.ts";

// The load generator: a process of its own, so that its CPU can be told from that of the rest. Gets its plan from the parent.
process.once("message", (plan: Plan) => void generate(plan));

async function generate(plan: Plan): Promise<void> {
  const userIds = userIdsOf(plan.runId, plan.scenario.players);
  const signingStartedAt = performance.now();
  const tokens = signTokens(plan.tokens, userIds, Date.now());
  tell({
    type: "ready",
    signedTokens: tokens.length,
    signingMs: performance.now() - signingStartedAt,
  });
  const pool = new HttpPool(plan.host, plan.port, plan.connectionsMax);
  const result = await runPlan(plan, new World(plan, userIds, tokens), pool, tell);
  pool.close();
  tell({ type: "result", result });
  // The parent ends the channel; should it be gone, so are we.
  process.once("disconnect", () => process.exit(0));
  await sleep(60_000, undefined, { ref: false });
}

function tell(message: GeneratorMessage): void {
  process.send?.(message);
}
