import { createCatalogStore } from "../../src/adapters/postgres/catalog-store.ts";
import { connect } from "../../src/adapters/postgres/connect.ts";
import { createShardStore } from "../../src/adapters/postgres/shard-store.ts";
import type { Catalog } from "../../src/core/catalog.ts";
import { aCatalog, aGoal, type GoalWish } from "../../test/support/builders.ts";
import type { FreshDatabase } from "../testing/fresh-database.ts";
import { AuditedShard } from "./audited-player.ts";

const daily = { schedule: "daily" } as const;
const once = { progressMode: "count", targetValue: 1 } as const;

const GOALS: readonly GoalWish[] = [
  { goalId: "absolute" },
  { goalId: "relative", requirement: { progressMode: "relative" }, rotation: daily },
  {
    goalId: "daily-once",
    requirement: once,
    rotation: { ...daily, onExpiry: { allowReselection: false } },
    defaultAssigned: true,
  },
  {
    goalId: "weekly-saved",
    requirement: { progressMode: "count", targetValue: 2 },
    rotation: { schedule: "weekly", onExpiry: { resetProgress: false } },
  },
  { goalId: "daily-win", requirement: once, rotation: daily, defaultAssigned: true },
  {
    goalId: "days",
    eventSource: "login",
    requirement: { progressMode: "days", targetValue: 1 },
    rotation: daily,
    defaultAssigned: true,
  },
  { goalId: "login", eventSource: "login", requirement: once },
];

/** All modes, schedules and endings of a period; statistics move by `kills`. */
export const CATALOG: Catalog = aCatalog(...GOALS.map(aGoal));

/** The same goals, all in the mode count: what a forced publish leaves behind. */
export const CATALOG_BY_FORCE: Catalog = aCatalog(
  ...GOALS.map(({ requirement, ...goal }) =>
    aGoal({ ...goal, requirement: { ...requirement, progressMode: "count" } }),
  ),
);

/** The same goals, rotating by another schedule; the login goal rotates only here. */
export const CATALOG_RESCHEDULED: Catalog = {
  ...aCatalog(...GOALS.map((goal) => aGoal(rescheduled(goal)))),
  version: "2".repeat(64),
};

export const CHALLENGE_ID = "first-steps";
export const GOAL_IDS: readonly string[] = GOALS.flatMap(({ goalId }) => goalId ?? []);

/** A shard over this database, and a way to publish in it. */
export async function openWorld({ url, endpointUrl }: FreshDatabase) {
  const database = connect({ databaseUrl: url, httpEndpoint: endpointUrl, timeoutMs: 5_000 });
  const shard = new AuditedShard("g1-1-0", createShardStore(database));
  await shard.open();
  const catalogs = createCatalogStore(database);
  const publish = async (namespace: string, catalog: Catalog, version: string) => {
    await catalogs.publish(namespace, catalog.document, version, undefined);
  };
  return { shard, publish };
}

function rescheduled(goal: GoalWish): GoalWish {
  if (goal.goalId === "absolute") return goal;
  const schedule = goal.rotation?.schedule === "weekly" ? "daily" : "weekly";
  return { ...goal, rotation: { ...goal.rotation, schedule } };
}
