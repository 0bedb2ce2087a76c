import { milliseconds } from "./columns.ts";

// The statements of catalog-store.ts; each is one round trip.

/** $1 namespace. The active version, its activation number and time; no row when there is none. */
export const POINTER = `
  SELECT version, seq::float8, ${milliseconds("activated_at")} FROM catalog_version
  WHERE namespace = $1 AND seq IS NOT NULL ORDER BY seq DESC LIMIT 1`;

/** $1 namespace, $2 version. */
export const DOCUMENT =
  "SELECT document FROM catalog_version WHERE namespace = $1 AND version = $2";

/** $1 namespace. Newest first. */
export const VERSIONS = `
  SELECT version, ${milliseconds("stored_at")}, ${milliseconds("activated_at")} FROM catalog_version
  WHERE namespace = $1 ORDER BY stored_at DESC, version`;

/** $1 namespace, $2 goal ids. Reads every row of the namespace: no index may slow down the rows that events change. */
export const USAGE = `
  SELECT goal_id, in_progress, unclaimed FROM (
    SELECT goal_id,
      (count(*) FILTER (WHERE status = 'in_progress'))::float8 AS in_progress,
      (count(*) FILTER (WHERE status = 'completed' OR late_until > now()))::float8 AS unclaimed
    FROM user_goal_progress WHERE namespace = $1 AND goal_id = ANY ($2::text[]) GROUP BY goal_id
  ) AS used WHERE in_progress > 0 OR unclaimed > 0`;

/** What both ways to move the pointer share: look at the active one, and move only if it is the expected one. */
const ACTIVE = `
  active AS (
    SELECT version, seq, activated_at FROM catalog_version
    WHERE namespace = $1 AND seq IS NOT NULL ORDER BY seq DESC LIMIT 1
  ),
  wish AS (
    SELECT coalesce((SELECT seq FROM active), 0) + 1 AS seq
    WHERE ($4::boolean OR (SELECT version FROM active) IS NOT DISTINCT FROM $3::text)
      AND (SELECT version FROM active) IS DISTINCT FROM $2::text
  )`;

/** One row: the activation that this statement made, if any; the one that it found, if any; is the version stored? */
const MOVED_AND_FOUND = `
  SELECT moved.seq::float8, ${milliseconds("moved.activated_at")},
    active.version, active.seq::float8, ${milliseconds("active.activated_at")},
    EXISTS (SELECT 1 FROM catalog_version WHERE namespace = $1 AND version = $2)
  FROM (SELECT 1) AS always LEFT JOIN moved ON true LEFT JOIN active ON true`;

/** $1 namespace, $2 version, $3 the version expected to be active, $4 true when any may be, $5 document. Answers like ACTIVATE. */
export const PUBLISH = `
  WITH ${ACTIVE},
  moved AS (
    INSERT INTO catalog_version (namespace, version, document, seq, activated_at)
    SELECT $1, $2, $5::text, wish.seq, now() FROM wish
    ON CONFLICT (namespace, version) DO UPDATE SET seq = excluded.seq, activated_at = excluded.activated_at
    RETURNING seq, activated_at
  )
  ${MOVED_AND_FOUND}`;

/** $1 to $4 as above. One row: see MOVED_AND_FOUND. */
export const ACTIVATE = `
  WITH ${ACTIVE},
  moved AS (
    UPDATE catalog_version SET seq = wish.seq, activated_at = now() FROM wish
    WHERE namespace = $1 AND version = $2
    RETURNING catalog_version.seq, catalog_version.activated_at
  )
  ${MOVED_AND_FOUND}`;
