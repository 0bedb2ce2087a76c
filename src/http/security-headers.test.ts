import { describe, expect, test } from "vitest";

import { aConfig } from "../../test/support/config-builder.ts";
import { FakeServices, GAME_SERVER, PLAYER } from "../../test/support/fake-services.ts";
import { FailureError } from "../core/errors.ts";
import { misconfiguredResponse } from "./misconfigured-response.ts";

const ORIGIN = "https://play.example.com";

/** An answer of each kind, by what it is. */
async function answers(): Promise<Record<string, Response>> {
  const services = new FakeServices();
  const ask = (path: string, init: RequestInit = {}) => services.request(path, init);
  const document = await ask("/v1/challenges", { headers: PLAYER });
  const known = { ...PLAYER, "If-None-Match": document.headers.get("ETag") ?? "" };
  const plain = { ...GAME_SERVER, "Content-Type": "text/plain" };
  const made: Record<string, Response> = {
    "a player's document": document,
    "not modified": await ask("/v1/challenges", { headers: known }),
    "a public document": await ask("/v1/catalog"),
    alive: await ask("/healthz"),
    "no credentials": await ask("/v1/progress"),
    "no scope": await ask("/v1/admin/catalog", { headers: GAME_SERVER }),
    "no such path": await ask("/nowhere"),
    "no such method": await ask("/v1/events"),
    "no JSON": await ask("/v1/events", { method: "POST", body: "x", headers: plain }),
    HEAD: await ask("/v1/catalog", { method: "HEAD" }),
    misconfigured: misconfiguredResponse(new Request("http://x/v1/catalog"), ["X is wrong"], "r"),
    "misconfigured, alive": misconfiguredResponse(new Request("http://x/healthz"), [], "r"),
  };
  services.rateLimiters.player.isOver = true;
  made["too many"] = await ask("/v1/progress", { headers: PLAYER });
  services.rateLimiters.player.isOver = false;
  services.players.failure = new FailureError({ code: "SHARD_OVERLOADED", detail: "Full." });
  made["overloaded"] = await ask("/v1/progress", { headers: PLAYER });
  services.readiness = () => Promise.reject(new Error("a bug"));
  made["a bug"] = await ask("/readyz");
  services.config = aConfig({ corsOrigins: [ORIGIN] });
  made["a preflight"] = await ask("/v1/progress", {
    method: "OPTIONS",
    headers: { Origin: ORIGIN, "Access-Control-Request-Method": "GET" },
  });
  return made;
}

const made = await answers();

describe.each(Object.entries(made))("the answer to %s", (what, { headers, status }) => {
  test("carries what a browser must know, and no banner", () => {
    expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
    expect(headers.get("Content-Security-Policy")).toBe(
      "default-src 'none'; frame-ancestors 'none'",
    );
    expect(headers.get("Referrer-Policy")).toBe("no-referrer");
    expect(headers.get("Strict-Transport-Security")).toMatch(/^max-age=\d{8}$/);
    expect(headers.get("X-Request-Id")).toMatch(/^[\w.:-]+$/);
    for (const banner of ["Server", "X-Powered-By", "Via", "Set-Cookie"]) {
      expect([banner, headers.get(banner)]).toEqual([banner, null]);
    }
  });

  test("is kept by no shared cache, unless it is public", () => {
    const isPublic = status === 200 && (what === "a public document" || what === "HEAD");
    const rule = isPublic ? /^public, max-age=60$/ : /^(no-store|private, no-cache)$/;
    expect(headers.get("Cache-Control")).toMatch(rule);
  });

  test("lets a browser's page read it only where an origin is configured", () => {
    const isAllowed = headers.has("Access-Control-Allow-Origin");
    expect(isAllowed).toBe(what === "a preflight");
    expect(headers.has("Access-Control-Allow-Credentials")).toBe(false);
  });
});
