import { describe, expect, test } from "vitest";

import { FakeServices } from "../../../test/support/fake-services.ts";
import { aGrantLine } from "../../../test/support/flush-builders.ts";
import { NOON } from "../../../test/support/noon.ts";
import { refuse } from "../../core/errors.ts";
import type { GrantLine } from "../../core/player.ts";

const GRANT_ID = "a".repeat(64);
const KEY = { Authorization: "Bearer gk_repair_secret" };

function withLedger(...lines: readonly Partial<GrantLine>[]): FakeServices {
  const services = new FakeServices();
  const scopes = ["players:read", "players:write"] as const;
  const key = { id: "repair", sha256: "0".repeat(64), namespace: "default", scopes };
  services.serverKeys.find = () => key;
  services.ledger.push(...lines.map((line) => aGrantLine({ grantId: GRANT_ID, ...line })));
  return services;
}

async function post(services: FakeServices, path: string) {
  const answer = await services.request(`/v1/admin/grants/${path}`, {
    method: "POST",
    headers: KEY,
  });
  const json: unknown = await answer.json();
  return { status: answer.status, json };
}

describe("the list of grants", () => {
  test("has what is open, with every field of the contract", async () => {
    const services = withLedger(
      { state: "parked", createdAt: NOON, grantedAt: null },
      { state: "granted" },
    );
    const answer = await services.request("/v1/admin/grants", { headers: KEY });
    const line = aGrantLine();
    expect([answer.status, await answer.json()]).toEqual([
      200,
      {
        grants: [
          {
            grantId: GRANT_ID,
            userId: "anna",
            challengeId: line.challengeId,
            goalId: line.goalId,
            period: line.period,
            reward: line.reward,
            state: "parked",
            attempts: line.attempts,
            nextAttemptAt: null,
            lastError: line.lastError,
            createdAt: "2026-11-24T12:00:00.000Z",
            grantedAt: null,
          },
        ],
        next: null,
      },
    ]);
  });

  test("has the states that are asked for, and refuses others", async () => {
    const services = withLedger({ state: "granted" }, { state: "cancelled" }, { state: "pending" });
    const answer = await services.request("/v1/admin/grants?state=granted,cancelled", {
      headers: KEY,
    });
    expect(await answer.json()).toMatchObject({
      grants: [{ state: "granted" }, { state: "cancelled" }],
    });
    const wrong = await services.request("/v1/admin/grants?state=lost", { headers: KEY });
    expect([wrong.status, await wrong.json()]).toMatchObject([
      400,
      { code: "INVALID_REQUEST", errors: [{ path: "query.state[0]" }] },
    ]);
  });
});

describe("a repair", () => {
  test.each([
    ["retry", "retry"],
    ["delivered", "deliver"],
    ["cancel", "cancel"],
  ])("by /%s is a command of the grant's player", async (verb, repair) => {
    const services = withLedger({ state: "parked" });
    const line = aGrantLine({ grantId: GRANT_ID, state: "pending" });
    services.players.answer = () => ({
      ok: true,
      value: { result: { kind: "repair-grant", line }, view: { rows: [], position: 1 } },
    });
    expect(await post(services, `${GRANT_ID}/${verb}`)).toMatchObject({
      status: 200,
      json: { grantId: GRANT_ID, userId: "anna", state: "pending" },
    });
    expect(services.players.commands).toMatchObject([
      {
        player: { namespace: "default", userId: "anna" },
        command: { kind: "repair-grant", grantId: GRANT_ID, repair },
      },
    ]);
  });

  test("of a grant that the ledger does not know is not found", async () => {
    for (const id of ["b".repeat(64), "no-hash", "%00"]) {
      const { status, json } = await post(withLedger({}), `${id}/retry`);
      expect([status, json]).toMatchObject([404, { code: "NOT_FOUND" }]);
    }
  });

  test("of a settled grant says how it was settled, as the shard knows it", async () => {
    const services = withLedger({ state: "pending" });
    services.players.answer = () => refuse("CONFLICT", "It is settled.");
    expect(await post(services, `${GRANT_ID}/retry`)).toMatchObject({
      status: 409,
      json: { code: "CONFLICT", state: "pending", grantId: GRANT_ID },
    });
    const granted = aGrantLine({ grantId: GRANT_ID, state: "granted", grantedAt: NOON });
    services.players.viewOf = {
      rows: [],
      position: 1,
      ahead: { lines: [granted], isErased: false },
    };
    expect(await post(services, `${GRANT_ID}/cancel`)).toMatchObject({
      status: 409,
      json: { code: "ALREADY_CLAIMED", claimedAt: "2026-11-24T12:00:00.000Z", grantId: GRANT_ID },
    });
  });

  test("of an erased player's settled grant asks nobody", async () => {
    const services = withLedger({ state: "cancelled" });
    services.ledgerUserId = null;
    const { status, json } = await post(services, `${GRANT_ID}/retry`);
    expect([status, json]).toMatchObject([409, { code: "CONFLICT", state: "cancelled" }]);
    expect(services.players.commands).toEqual([]);
  });
});
