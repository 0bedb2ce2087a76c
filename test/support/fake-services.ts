import { createHash } from "node:crypto";

import type { ApiKey, Config } from "../../src/config.ts";
import { canonicalJson } from "../../src/core/canonical.ts";
import type { Catalog } from "../../src/core/catalog.ts";
import { type Outcome, type Problem, refuse } from "../../src/core/errors.ts";
import type { GrantLine, PlayerKey } from "../../src/core/player.ts";
import type { InitFlags } from "../../src/core/ports.ts";
import { RequestTally } from "../../src/core/request-tally.ts";
import { createApp } from "../../src/http/app.ts";
import type { ReadinessCheck } from "../../src/http/readiness.ts";
import type { RateLimiter, Services } from "../../src/http/services.ts";
import type { RequestRecord } from "../../src/log.ts";
import { aConfig } from "./config-builder.ts";
import { FakeCatalogs } from "./fake-catalogs.ts";
import { FakeDeadLetters } from "./fake-dead-letters.ts";
import { FakePlayers } from "./fake-players.ts";
import { NOON } from "./noon.ts";

/** Credentials that the fakes know. */
export const PLAYER = { Authorization: "Bearer player-anna" };
export const GAME_SERVER = { Authorization: "Bearer gk_game_secret" };
export const LIVE_OPS = { Authorization: "Bearer gk_liveops_secret" };
export const OPERATOR = { Authorization: "Bearer gk_operator_secret" };

/** Services made of fakes that a test can look into and change; each test makes its own. */
export class FakeServices implements Services {
  config: Config = aConfig();
  nowMs = NOON;
  readonly clock = { now: () => this.nowMs };
  readonly players = new FakePlayers();
  readonly catalogs = new FakeCatalogs();
  readonly initFlags = new FakeInitFlags();
  readonly ledger: GrantLine[] = [];
  readonly grants = {
    ofPlayer: async () => this.ledger,
    find: async (_namespace: string, grantId: string) => {
      const line = this.ledger.find((each) => each.grantId === grantId);
      return line === undefined ? null : { userId: this.ledgerUserId, line };
    },
    list: async (_namespace: string, page: { states: readonly string[] }) =>
      this.ledger
        .filter(({ state }) => page.states.includes(state))
        .map((line) => ({ userId: this.ledgerUserId, line })),
  };
  /** Whose all lines of the ledger are; null: of an erased player. */
  ledgerUserId: string | null = "anna";
  readonly deadLetters = new FakeDeadLetters();
  missing: Problem[] = [];
  readiness: ReadinessCheck = async () => this.missing;
  readonly playerTokens = { verify: async (token: string) => fakePlayerOf(token) };
  readonly metricsToken = { is: (token: string) => token === "metrics-token" };
  readonly serverKeys = { find: (key: string) => FAKE_KEYS.get(key) ?? null };
  readonly rateLimiters = {
    player: new FakeRateLimiter(),
    server: new FakeRateLimiter(),
    public: new FakeRateLimiter(),
  };
  readonly tally = new RequestTally("isolate");
  readonly logged: RequestRecord[] = [];
  readonly log = (record: RequestRecord): void => {
    this.logged.push(record);
  };
  #ids = 0;
  readonly newId = () => `id-${++this.#ids}`;

  /** One request to the application; waits for the work that goes on after the answer. */
  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const after: Promise<unknown>[] = [];
    const context = {
      waitUntil: (work: Promise<unknown>) => void after.push(work),
      passThroughOnException: () => {},
      props: {},
    };
    const response = await createApp(this).request(path, init, {}, context);
    await Promise.all(after);
    return response;
  }

  /** A request with a JSON body. */
  async send(
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return this.request(path, {
      method,
      body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", ...headers },
    });
  }
}

class FakeInitFlags implements InitFlags {
  readonly flags = new Map<string, string>();

  async read(player: PlayerKey): Promise<string | null> {
    return this.flags.get(JSON.stringify(player)) ?? null;
  }

  async write(player: PlayerKey, version: string): Promise<void> {
    this.flags.set(JSON.stringify(player), version);
  }

  async remove(player: PlayerKey): Promise<void> {
    this.flags.delete(JSON.stringify(player));
  }
}

class FakeRateLimiter implements RateLimiter {
  readonly keys: string[] = [];
  isOver = false;
  isBroken = false;

  async limit({ key }: { key: string }): Promise<{ success: boolean }> {
    this.keys.push(key);
    if (this.isBroken) throw new Error("The counter does not answer.");
    return { success: !this.isOver };
  }
}

const FAKE_KEYS = new Map<string, ApiKey>([
  ["gk_game_secret", aKey("game", "default", ["events:write"])],
  [
    "gk_liveops_secret",
    aKey("liveops", "default", ["catalog:read", "catalog:write", "players:read"]),
  ],
  ["gk_operator_secret", aKey("operator", null, ["operator"])],
  ["gk_elsewhere_secret", aKey("elsewhere", "elsewhere", ["events:write", "catalog:read"])],
]);

function aKey(id: string, namespace: string | null, scopes: ApiKey["scopes"]): ApiKey {
  return { id, sha256: "0".repeat(64), namespace, scopes };
}

function fakePlayerOf(token: string): Outcome<PlayerKey> {
  if (!token.startsWith("player-")) return refuse("UNAUTHENTICATED", "This is no player token.");
  return { ok: true, value: { namespace: "default", userId: token.slice("player-".length) } };
}

/** The version that a publish of this document gets. */
export function versionOf(document: Catalog["document"]): string {
  return createHash("sha256").update(canonicalJson(document)).digest("hex");
}
