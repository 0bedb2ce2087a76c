import { ParsedCatalogs } from "../adapters/kv/parsed-catalogs.ts";
import { createCatalogStore } from "../adapters/postgres/catalog-store.ts";
import { connect } from "../adapters/postgres/connect.ts";
import { createShardStore } from "../adapters/postgres/shard-store.ts";
import { createGranter } from "../adapters/rewards/create-granter.ts";
import { SERVICE_TIMEOUT_MS } from "../adapters/rewards/service-call.ts";
import { parseConfig } from "../config.ts";
import type { Clock } from "../core/ports.ts";
import { logEvent } from "../log.ts";
import { sha256Hex } from "../sha256.ts";
import { systemClock } from "../system-clock.ts";
import { STATEMENT_TIMEOUT_MS } from "./limits.ts";
import { ObjectSql } from "./object-sql.ts";
import type { ShardPorts } from "./ports.ts";
import { positionFloorOf } from "./routing.ts";
import { textOf } from "./sql.ts";

/** The composition root of a shard: the platform's storage and timers, and the real adapters. Throws when a var is wrong. */
export function composeShard(ctx: DurableObjectState, env: Env, clock: Clock): ShardPorts {
  const parsed = parseConfig(env);
  if (!parsed.ok) throw new Error(`The shard cannot start: ${parsed.problems.join(" ")}`);
  const { config } = parsed;
  const { databaseUrl, databaseHttpEndpoint: httpEndpoint } = config;
  const database = connect({ databaseUrl, httpEndpoint, timeoutMs: STATEMENT_TIMEOUT_MS });
  const sql = new ObjectSql(ctx.storage);
  const shard = ownName(ctx, sql);
  return {
    shard,
    instance: crypto.randomUUID(),
    positionFloor: positionFloorOf(shard),
    sql,
    store: createShardStore(database),
    catalogs: new ParsedCatalogs(env.KV, createCatalogStore(database)),
    granter: createGranter(config.rewards, {
      fetch: (url, init) => fetch(url, init),
      clock: systemClock,
      timeoutMs: SERVICE_TIMEOUT_MS,
    }),
    olderShards: {
      handOver: async (name, players, to) => env.SHARDS.getByName(name).handOver(players, to),
      settled: async (name, players) => env.SHARDS.getByName(name).settled(players),
    },
    digest: sha256Hex,
    random: () => Math.random(),
    clock,
    realClock: systemClock,
    after: (milliseconds, action) => {
      const timer = setTimeout(action, milliseconds);
      return () => clearTimeout(timer);
    },
    // The promise is the platform's to keep: a write that fails resets the object (output gate).
    setAlarm: (at) => void ctx.storage.setAlarm(at),
    abort: (reason) => ctx.abort(reason),
    log: logEvent,
    settings: {
      flushIntervalMs: config.flushIntervalMs,
      claimGraceMs: config.claimGraceMs,
      grantParkAfterMs: config.grantParkAfterMs,
      dedup: { maxIds: config.dedupMaxIds, seconds: config.dedupSeconds },
      limits: {
        journalOperationsMax: config.journalOperationsMax,
        residentBytesMax: config.residentBytesMax,
      },
    },
  };
}

/** The object's name, kept in its storage: the platform does not always tell it to an alarm. */
function ownName(ctx: DurableObjectState, sql: ObjectSql): string {
  sql.run("CREATE TABLE IF NOT EXISTS identity (one INTEGER PRIMARY KEY, name TEXT NOT NULL)");
  for (const row of sql.all("SELECT name FROM identity")) return textOf(row, "name");
  const name = ctx.id.name;
  if (name === undefined) throw new Error("A shard must be reached by its name.");
  sql.run("INSERT INTO identity (one, name) VALUES (1, ?)", name);
  return name;
}
