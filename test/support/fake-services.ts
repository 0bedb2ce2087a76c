import { createHash } from "node:crypto";

import type { Config, ApiKey } from "../../src/config.ts";
import { canonicalJson } from "../../src/core/canonical.ts";
import { type Catalog, type CatalogPointer, indexCatalog } from "../../src/core/catalog.ts";
import type { DeadLetter } from "../../src/core/dead-letters.ts";
import { FailureError, type Outcome, type Problem, refuse } from "../../src/core/errors.ts";
import type { Command, EventResult, GameEvent } from "../../src/core/operation.ts";
import type { GrantLine, PlayerKey, PlayerView } from "../../src/core/player.ts";
import type {
  Catalogs,
  CommandAnswer,
  GoalUsage,
  InitFlags,
  Players,
  ShardStatus,
} from "../../src/core/ports.ts";
import { RequestTally } from "../../src/core/request-tally.ts";
import type { RetriedOperation } from "../../src/core/retry-operation.ts";
import type { ResumeReport } from "../../src/core/set-back.ts";
import type { ShardReading } from "../../src/core/shard-metrics.ts";
import { createApp } from "../../src/http/app.ts";
import type { ReadinessCheck } from "../../src/http/readiness.ts";
import type { RateLimiter, Services } from "../../src/http/services.ts";
import type { RequestRecord } from "../../src/log.ts";
import { aCatalog } from "./builders.ts";
import { FakeDeadLetters } from "./fake-dead-letters.ts";

/** The instant at which every test starts: 24 November 2026, noon UTC. */
export const NOON = Date.UTC(2026, 10, 24, 12);

/** Credentials that the fakes know. */
export const PLAYER = { Authorization: "Bearer player-anna" };
export const GAME_SERVER = { Authorization: "Bearer gk_game_secret" };
export const LIVE_OPS = { Authorization: "Bearer gk_liveops_secret" };
export const OPERATOR = { Authorization: "Bearer gk_operator_secret" };

export const ACCEPTED: EventResult = {
  status: "accepted",
  code: null,
  detail: null,
  retryable: false,
};

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

/** A valid configuration; a wish overrides. */
export function aConfig(wish: Partial<Config> = {}): Config {
  return {
    defaultNamespace: "default",
    shardCount: 8,
    shardGeneration: 1,
    previousShards: [],
    basePath: "",
    corsOrigins: [],
    jwtIssuer: "https://issuer.example.com",
    jwtAudience: null,
    jwksUrl: "https://issuer.example.com/jwks.json",
    apiKeys: [],
    metricsToken: null,
    databaseUrl: "postgresql://localhost/gauntlet",
    databaseHttpEndpoint: null,
    flushIntervalMs: 1_000,
    dedupMaxIds: 1_000_000,
    dedupSeconds: 900,
    journalOperationsMax: 200_000,
    residentBytesMax: 16 * 2 ** 20,
    grantParkAfterMs: 86_400_000,
    claimGraceMs: 604_800_000,
    logRequests: "all",
    rewards: { by: "record" },
    ...wish,
  };
}

class FakePlayers implements Players {
  viewOf: PlayerView = { rows: [], position: 0 };
  /** Thrown by every call when set. */
  failure: FailureError | null = null;
  answer: (command: Command) => Outcome<CommandAnswer> = () =>
    refuse("CHALLENGE_NOT_FOUND", "There is no such challenge.");
  judge: (event: GameEvent) => EventResult = () => ACCEPTED;
  statuses: ShardStatus[] = [];
  resume: Outcome<ResumeReport> = refuse("CONFLICT", "The shard is not stopped.");
  readonly resumed: { shard: string; isDryRun: boolean }[] = [];
  readings: ShardReading[] = [];
  /** Ids of the letters that were retried, and what becomes of their operations. */
  readonly retried: number[] = [];
  retryOutcome: (operations: DeadLetter["operations"]) => Outcome<RetriedOperation[]> = (
    operations,
  ) => ({
    ok: true,
    value: operations.map(({ position }) => ({ position, status: "taken", detail: null })),
  });
  readonly viewed: PlayerKey[] = [];
  readonly commands: { player: PlayerKey; command: Command; commandId: string }[] = [];
  readonly events: { namespace: string; event: GameEvent; pointer: CatalogPointer }[] = [];

  async view(player: PlayerKey): Promise<PlayerView> {
    this.#fail();
    this.viewed.push(player);
    return this.viewOf;
  }

  async command(
    player: PlayerKey,
    command: Command,
    commandId: string,
  ): Promise<Outcome<CommandAnswer>> {
    this.#fail();
    this.commands.push({ player, command, commandId });
    return this.answer(command);
  }

  async submitEvents(
    namespace: string,
    events: readonly GameEvent[],
    pointer: CatalogPointer,
  ): Promise<EventResult[]> {
    for (const event of events) this.events.push({ namespace, event, pointer });
    return events.map((event) => this.judge(event));
  }

  async retryLetter(letter: Pick<DeadLetter, "id" | "player" | "operations">) {
    this.#fail();
    this.retried.push(letter.id);
    return this.retryOutcome(letter.operations);
  }

  async resumeShard(shard: string, _id: string, isDryRun: boolean): Promise<Outcome<ResumeReport>> {
    this.#fail();
    this.resumed.push({ shard, isDryRun });
    return this.resume;
  }

  async shardStatuses(): Promise<ShardStatus[]> {
    this.#fail();
    return this.statuses;
  }

  async shardMetrics(): Promise<ShardReading[]> {
    return this.readings;
  }

  #fail(): void {
    if (this.failure !== null) throw this.failure;
  }
}

/** One namespace, "default", with a history; every other one has no catalog. */
class FakeCatalogs implements Catalogs {
  readonly stored = new Map<string, Catalog>();
  history: CatalogPointer[] = [];
  usageOf: GoalUsage[] = [];
  /** Runs before each publish: what another publisher does meanwhile. */
  beforePublish: () => void = () => {};

  constructor() {
    this.install(aCatalog());
  }

  /** Makes a catalog the active one. */
  install(catalog: Catalog): CatalogPointer {
    this.stored.set(catalog.version, catalog);
    const pointer = { version: catalog.version, seq: this.history.length + 1 };
    this.history.push(pointer);
    return pointer;
  }

  async active(namespace: string) {
    const found = await this.current(namespace);
    if (found !== null) return found;
    throw new FailureError({ code: "NO_CATALOG", detail: `${namespace} has no catalog.` });
  }

  async current(namespace: string) {
    const pointer = namespace === "default" ? this.history.at(-1) : undefined;
    const catalog = this.stored.get(pointer?.version ?? "");
    if (pointer === undefined || catalog === undefined) return null;
    return { catalog, seq: pointer.seq, activatedAt: NOON };
  }

  async publish(
    _namespace: string,
    document: Catalog["document"],
    version: string,
    expected: string | null | undefined,
  ): Promise<Outcome<CatalogPointer>> {
    this.beforePublish();
    const active = this.history.at(-1)?.version ?? null;
    if (expected !== undefined && expected !== active) return refuse("CATALOG_CHANGED", "Changed.");
    return { ok: true, value: this.install(indexCatalog(document, version)) };
  }

  async activate(_namespace: string, version: string): Promise<Outcome<CatalogPointer>> {
    const catalog = this.stored.get(version);
    if (catalog === undefined) return refuse("NOT_FOUND", "There is no such version.");
    return { ok: true, value: this.install(catalog) };
  }

  async versions() {
    return [...this.stored.keys()].map((version) => ({
      version,
      storedAt: NOON,
      activatedAt: null,
    }));
  }

  async document(namespace: string, version: string) {
    return namespace === "default" ? (this.stored.get(version)?.document ?? null) : null;
  }

  async usage(_namespace: string, goalIds: readonly string[]) {
    return this.usageOf.filter(({ goalId }) => goalIds.includes(goalId));
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
