import { expect, test } from "vitest";

import { parseConfig } from "./config.ts";

const SECRETS = {
  DEFAULT_NAMESPACE: "default",
  DATABASE_URL: "postgresql://user:secret@db.example.com/gauntlet",
  JWKS_URL: "https://issuer.example.com/jwks.json",
  JWT_ISSUER: "https://issuer.example.com",
  API_KEYS: JSON.stringify([
    { id: "game", sha256: "a".repeat(64), namespace: "default", scopes: ["events:write"] },
  ]),
};

function problemsOf(vars: object): readonly string[] {
  const result = parseConfig({ ...SECRETS, ...vars });
  return result.ok ? [] : result.problems;
}

test("the secrets alone are enough: every number has its documented default", () => {
  const result = parseConfig(SECRETS);
  expect(result).toMatchObject({
    ok: true,
    config: {
      shardCount: 8,
      shardGeneration: 1,
      previousShards: [],
      basePath: "",
      corsOrigins: [],
      jwtAudience: null,
      databaseHttpEndpoint: null,
      flushIntervalMs: 1_000,
      dedupMaxIds: 1_000_000,
      dedupSeconds: 900,
      journalOperationsMax: 200_000,
      residentBytesMax: 16 * 2 ** 20,
      claimGraceMs: 604_800_000,
      logRequests: "problems",
    },
  });
});

test("every var that is missing or wrong is named, not only the first", () => {
  const result = parseConfig({ DEFAULT_NAMESPACE: "No!", SHARD_COUNT: "many" });
  const text = result.ok ? "" : result.problems.join("\n");
  for (const name of [
    "DEFAULT_NAMESPACE",
    "SHARD_COUNT",
    "DATABASE_URL",
    "JWKS_URL",
    "JWT_ISSUER",
    "API_KEYS",
  ]) {
    expect(text).toContain(name);
  }
});

test("a problem never repeats the value of a secret", () => {
  const problems = problemsOf({
    API_KEYS: "hunter2",
    DATABASE_URL: "mysql://hunter2",
    JWKS_URL: "http://hunter2.example.com/",
  });
  expect(problems).toHaveLength(3);
  expect(problems.join()).not.toContain("hunter2");
});

test("an entry of API_KEYS is named by its place", () => {
  const keys = [{ id: "game", sha256: "short", namespace: null, scopes: ["everything"] }];
  expect(problemsOf({ API_KEYS: JSON.stringify(keys) })).toEqual([
    expect.stringMatching(/^API_KEYS\.0\.sha256 must be the SHA-256/),
    expect.stringMatching(/^API_KEYS\.0\.scopes\.0 must be among events:write/),
  ]);
});

test("the scope operator is for keys without a namespace", () => {
  const keyOf = (namespace: string | null) =>
    JSON.stringify([{ id: "ops", sha256: "a".repeat(64), namespace, scopes: ["operator"] }]);
  expect(problemsOf({ API_KEYS: keyOf(null) })).toEqual([]);
  expect(problemsOf({ API_KEYS: keyOf("arena") })).toEqual([
    expect.stringMatching(/^API_KEYS\.0 has a namespace and the scope operator/),
  ]);
});

test("keys come over https, or over http from this machine only", () => {
  expect(problemsOf({ JWKS_URL: "http://127.0.0.1:9000/jwks" })).toEqual([]);
  expect(problemsOf({ JWKS_URL: "http://issuer.example.com/jwks" })).toHaveLength(1);
});

test("origins, base path and numbers are checked", () => {
  expect(problemsOf({ CORS_ORIGINS: "https://a.example.com, http://localhost:5173" })).toEqual([]);
  expect(problemsOf({ CORS_ORIGINS: "https://a.example.com/path" })).toHaveLength(1);
  expect(problemsOf({ BASE_PATH: "/challenge" })).toEqual([]);
  expect(problemsOf({ BASE_PATH: "challenge/" })).toHaveLength(1);
  expect(problemsOf({ FLUSH_INTERVAL_MS: 500 })).toEqual([]);
  expect(problemsOf({ FLUSH_INTERVAL_MS: "0" })).toHaveLength(1);
  expect(problemsOf({ DEDUP_SECONDS: "1.5" })).toHaveLength(1);
  expect(problemsOf({ JOURNAL_OPERATIONS_MAX: "100" })).toEqual([]);
  expect(problemsOf({ JOURNAL_OPERATIONS_MAX: "99" })).toHaveLength(1);
});

test("former generations are read as pairs of generation and count", () => {
  const vars = { SHARD_GENERATION: "3", PREVIOUS_SHARDS: "1:8, 2:12" };
  expect(parseConfig({ ...SECRETS, ...vars })).toMatchObject({
    ok: true,
    config: {
      previousShards: [
        { generation: 1, count: 8 },
        { generation: 2, count: 12 },
      ],
    },
  });
});

test.each([
  { what: "no pair", PREVIOUS_SHARDS: "8", problem: "generation:count" },
  { what: "no shards", PREVIOUS_SHARDS: "1:0", problem: "generation:count" },
  { what: "a generation twice", PREVIOUS_SHARDS: "1:8,1:12", problem: "each generation once" },
  { what: "the current generation", PREVIOUS_SHARDS: "3:8", problem: "below SHARD_GENERATION" },
])("former generations with $what are refused", ({ PREVIOUS_SHARDS, problem }) => {
  const problems = problemsOf({ SHARD_GENERATION: "3", PREVIOUS_SHARDS });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain("PREVIOUS_SHARDS");
  expect(problems[0]).toContain(problem);
});
