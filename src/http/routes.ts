import type { Route } from "./define-route.ts";
import { activateCatalogVersion } from "./routes/activate-catalog-version.ts";
import { claimReward } from "./routes/claim-reward.ts";
import { discardDeadLetter } from "./routes/discard-dead-letter.ts";
import { drawGoals } from "./routes/draw-goals.ts";
import { eraseOwnData } from "./routes/erase-own-data.ts";
import { erasePlayer } from "./routes/erase-player.ts";
import { exportOwnData } from "./routes/export-own-data.ts";
import { getAdminCatalog } from "./routes/get-admin-catalog.ts";
import { getAdminPlayer } from "./routes/get-admin-player.ts";
import { getCatalog } from "./routes/get-catalog.ts";
import { getChallenge } from "./routes/get-challenge.ts";
import { getChallenges } from "./routes/get-challenges.ts";
import { getHealth } from "./routes/get-health.ts";
import { getLimits } from "./routes/get-limits.ts";
import { getMetrics } from "./routes/get-metrics.ts";
import { getProgress } from "./routes/get-progress.ts";
import { getReadiness } from "./routes/get-readiness.ts";
import { getRotation } from "./routes/get-rotation.ts";
import { getShards } from "./routes/get-shards.ts";
import { initializePlayer } from "./routes/initialize-player.ts";
import { listCatalogVersions } from "./routes/list-catalog-versions.ts";
import { listDeadLetters } from "./routes/list-dead-letters.ts";
import { listGrants } from "./routes/list-grants.ts";
import { postEvents } from "./routes/post-events.ts";
import { publishCatalog } from "./routes/publish-catalog.ts";
import { cancelGrant, deliverGrant, retryGrant } from "./routes/repair-grant.ts";
import { resetPlayer } from "./routes/reset-player.ts";
import { resumeShard } from "./routes/resume-shard.ts";
import { retryDeadLetter } from "./routes/retry-dead-letter.ts";
import { selectGoals } from "./routes/select-goals.ts";
import { setGoalActive } from "./routes/set-goal-active.ts";

/** Every endpoint there is. A file in routes/ that is not named here does not exist for callers. */
export const ROUTES: readonly Route[] = [
  getChallenges,
  getChallenge,
  getCatalog,
  getProgress,
  initializePlayer,
  setGoalActive,
  claimReward,
  selectGoals,
  drawGoals,
  getRotation,
  exportOwnData,
  eraseOwnData,
  postEvents,
  publishCatalog,
  getAdminCatalog,
  listCatalogVersions,
  activateCatalogVersion,
  getAdminPlayer,
  resetPlayer,
  erasePlayer,
  listGrants,
  retryGrant,
  deliverGrant,
  cancelGrant,
  getShards,
  resumeShard,
  listDeadLetters,
  retryDeadLetter,
  discardDeadLetter,
  getHealth,
  getReadiness,
  getMetrics,
  getLimits,
];
