import { expect, test } from "vitest";

import type { FakeRewardService } from "../support/fake-reward-service.ts";
import type { Answer, Api } from "./api.ts";
import { expectBody, expectProblem } from "./expect-answer.ts";
import type { Player } from "./player.ts";
import { claimed, grant, grantList, pendingClaim } from "./shapes.ts";

/** The stack under test, behind which the service stands; known once it runs. */
export interface RepairedStack {
  readonly api: () => Api;
  readonly service: () => FakeRewardService;
  /** A player who has completed the goal. */
  readonly winner: () => Promise<Player>;
}

const KILLS = "defaults/default-kills";
/** Longer than the stack takes to park a grant by its age. */
const PARKED = { timeout: 30_000, interval: 250 };
const UNKNOWN = { kind: "answer", status: 503 } as const;
const REFUSED = { kind: "answer", status: 422 } as const;

/** What an operator sees and does of grants that the reward service leaves open, over HTTP. */
export function testRepairs({ api, service, winner }: RepairedStack): void {
  const ask = (method: "GET" | "POST", path: string): Promise<Answer> =>
    api().call(`/v1/admin/grants${path}`, { method, as: api().key("local") });
  const stateOf = async (grantId: string): Promise<string | undefined> => {
    const states = "pending,parked,granted,rejected,cancelled";
    const { grants } = expectBody(await ask("GET", `?state=${states}`), 200, grantList);
    return grants.find((line) => line.grantId === grantId)?.state;
  };
  /** A player whose claim is parked: refused after a delivery that may have paid. */
  const parkedClaim = async (): Promise<{ player: Player; grantId: string }> => {
    const player = await winner();
    service().fates.push(UNKNOWN, REFUSED);
    const answer = await player.claim(KILLS);
    const { grantId } = expectBody(answer, 202, pendingClaim);
    await expect.poll(() => stateOf(grantId), PARKED).toBe("parked");
    expect(await player.goal("default-kills")).toMatchObject({ status: "completed" });
    return { player, grantId };
  };

  test("a grant that nobody says yes or no to is parked, and paid under the same id when it is retried", async () => {
    const player = await winner();
    service().fates.push(...Array.from({ length: 6 }, () => UNKNOWN));
    const { grantId } = expectBody(await player.claim(KILLS), 202, pendingClaim);
    await expect.poll(() => stateOf(grantId), PARKED).toBe("parked");
    const again = await player.claim(KILLS);
    expect([again.status, again.json]).toMatchObject([202, { status: "pending", grantId }]);
    const retried = expectBody(await ask("POST", `/${grantId}/retry`), 200, grant);
    expect(retried).toMatchObject({ grantId, userId: player.userId, state: "pending" });
    await expect.poll(() => stateOf(grantId), PARKED).toBe("granted");
    expect(service().granted.has(grantId)).toBe(true);
    expect(await player.goal("default-kills")).toMatchObject({ status: "claimed" });
  });

  test("a grant that is marked as delivered claims its goal, and nobody is asked", async () => {
    const { player, grantId } = await parkedClaim();
    const deliveries = service().deliveries.length;
    const delivered = expectBody(await ask("POST", `/${grantId}/delivered`), 200, grant);
    expect(delivered.state).toBe("granted");
    expect(await stateOf(grantId)).toBe("granted");
    expect(await player.goal("default-kills")).toMatchObject({ status: "claimed" });
    expect(service().deliveries).toHaveLength(deliveries);
    expectProblem(await ask("POST", `/${grantId}/cancel`), 409, "ALREADY_CLAIMED");
    expectProblem(await player.claim(KILLS), 409, "ALREADY_CLAIMED");
  });

  test("a grant that is cancelled gives its goal back, which is claimed under the same id", async () => {
    const { player, grantId } = await parkedClaim();
    expect(expectBody(await ask("POST", `/${grantId}/cancel`), 200, grant).state).toBe("cancelled");
    expect(await stateOf(grantId)).toBe("cancelled");
    expectProblem(await ask("POST", `/${grantId}/retry`), 409, "CONFLICT");
    expect(expectBody(await player.claim(KILLS), 200, claimed).grantId).toBe(grantId);
    expect(service().granted.has(grantId)).toBe(true);
  });

  test("a grant is known in its own namespace only", async () => {
    const { grantId } = await parkedClaim();
    const foreign = { method: "POST", as: api().key("neighbour") };
    const path = `/v1/admin/grants/${grantId}/cancel`;
    expectProblem(await api().call(path, foreign), 404, "NOT_FOUND");
    expectBody(await ask("POST", `/${grantId}/delivered`), 200, grant);
  });
}
