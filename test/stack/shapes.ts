import * as z from "zod";

// The shapes of the API as its contract words them. Strict: a field more is as wrong as a field less.

/** RFC 3339 in UTC. */
export const instant = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/);
export const instantOrNull = instant.nullable();
export const text = z.string().min(1);
export const count = z.int().min(0);
export const version = z.string().regex(/^[0-9a-f]{64}$/);

const status = z.enum(["not_started", "in_progress", "completed", "claimed"]);
const reward = z.strictObject({
  type: z.enum(["ITEM", "WALLET"]),
  rewardId: text,
  quantity: z.number().positive(),
});
const requirement = z.strictObject({
  statCode: text,
  operator: z.literal(">="),
  targetValue: z.number().positive(),
  progressMode: z.enum(["absolute", "relative", "count", "days"]),
});
const schedule = z.enum(["daily", "weekly", "monthly"]);
const rotation = z.strictObject({
  enabled: z.boolean(),
  type: z.literal("global"),
  schedule,
  timeZone: text,
  resetTime: z.string().regex(/^\d{2}:\d{2}$/),
  weekday: z.int(),
  dayOfMonth: z.int(),
  onExpiry: z.strictObject({ resetProgress: z.boolean(), allowReselection: z.boolean() }),
  claimGraceSeconds: count,
});
const lateClaim = z.strictObject({ period: instant, completedAt: instant, until: instant });

const definition = z.strictObject({
  goalId: text,
  name: text,
  description: z.string(),
  eventSource: z.enum(["login", "statistic"]),
  defaultAssigned: z.boolean(),
  requirement,
  reward,
  prerequisites: z.array(text),
  rotation: rotation.nullable(),
});
const goal = definition.extend({
  progress: z.number().min(0),
  status,
  isActive: z.boolean(),
  locked: z.boolean(),
  assignedAt: instantOrNull,
  completedAt: instantOrNull,
  claimedAt: instantOrNull,
  expiresAt: instantOrNull,
  expiresInSeconds: count.nullable(),
  claimPending: z.boolean(),
  lateClaim: lateClaim.nullable(),
});
const challengeHead = z.strictObject({
  challengeId: text,
  name: text,
  description: z.string(),
  tags: z.array(text),
  startsAt: instantOrNull,
  endsAt: instantOrNull,
});
const challenge = challengeHead.extend({ goals: z.array(goal) });
const challengeDefinition = challengeHead.extend({ goals: z.array(definition) });

export const challengesDocument = z.strictObject({
  catalogVersion: version,
  serverTime: instant,
  challenges: z.array(challenge),
});
export const challengeDocument = z.strictObject({
  catalogVersion: version,
  serverTime: instant,
  challenge,
});

const progressLine = z.strictObject({
  challengeId: text,
  goalId: text,
  progress: z.number().min(0),
  status,
  isActive: z.boolean(),
  locked: z.boolean(),
  assignedAt: instantOrNull,
  completedAt: instantOrNull,
  claimedAt: instantOrNull,
  expiresAt: instantOrNull,
  lateClaim: lateClaim.nullable(),
});
export type ProgressLine = z.infer<typeof progressLine>;
export const progressDocument = z.strictObject({
  catalogVersion: version,
  serverTime: instant,
  goals: z.array(progressLine),
});

export const catalogDocument = z.strictObject({
  catalogVersion: version,
  challenges: z.array(challengeDefinition),
});

const assignedGoal = z.strictObject({
  challengeId: text,
  goalId: text,
  name: text,
  description: z.string(),
  isActive: z.boolean(),
  assignedAt: instantOrNull,
  expiresAt: instantOrNull,
  progress: z.number().min(0),
  target: z.number().positive(),
  status,
  requirement,
  reward,
});
export const initialized = z.strictObject({
  assignedGoals: z.array(assignedGoal),
  newAssignments: count,
  totalActive: count,
});
export const selected = z.strictObject({
  selectedGoals: z.array(assignedGoal),
  challengeId: text,
  totalActiveGoals: count,
  replacedGoals: z.array(text),
});

const nextPeriod = z.strictObject({ startTime: instant, endTime: instant });
const currentPeriod = nextPeriod.extend({ expiresInSeconds: count });
export const rotationDocument = z.strictObject({
  challengeId: text,
  rotation: z.strictObject({
    enabled: z.boolean(),
    type: z.literal("global").nullable(),
    schedule: schedule.nullable(),
    currentPeriod: currentPeriod.nullable(),
    nextPeriod: nextPeriod.nullable(),
  }),
  goals: z.array(
    z.strictObject({ goalId: text, schedule, currentPeriod, nextPeriod: nextPeriod.nullable() }),
  ),
});

export const activated = z.strictObject({
  challengeId: text,
  goalId: text,
  isActive: z.boolean(),
  assignedAt: instantOrNull,
  message: text,
});

export const claimed = z.strictObject({
  goalId: text,
  status: z.literal("claimed"),
  period: instantOrNull,
  reward,
  claimedAt: instant,
  grantId: text,
});
/** The same while the reward service has not answered yet. */
export const pendingClaim = z.strictObject({
  goalId: text,
  status: z.literal("pending"),
  period: instantOrNull,
  reward,
  claimedAt: z.null(),
  grantId: text,
});

export const accepted = z.strictObject({
  accepted: count,
  duplicates: count,
  ignored: count,
  rejected: count,
  results: z.array(
    z.strictObject({
      index: count,
      id: z.string().nullable(),
      status: z.enum(["accepted", "duplicate", "ignored", "rejected"]),
      code: text.nullable(),
      detail: text.nullable(),
      retryable: z.boolean(),
    }),
  ),
});

const touched = { inProgress: count, unclaimed: count };
export const published = z.strictObject({
  version,
  activated: z.boolean(),
  changes: z.strictObject({
    added: z.array(text),
    removed: z.array(z.strictObject({ goalId: text, ...touched })),
    changed: z.array(z.strictObject({ goalId: text, fields: z.array(text), ...touched })),
    breaking: z.array(text),
  }),
});
export const adminCatalog = z.strictObject({
  version,
  activatedAt: instant,
  catalog: z.strictObject({ challenges: z.array(challengeDefinition) }),
});
export const versions = z.strictObject({
  versions: z.array(z.strictObject({ version, storedAt: instant, activatedAt: instantOrNull })),
});

const playerRecord = {
  userId: text,
  goals: z.array(progressLine),
  grants: z.array(
    z.strictObject({
      grantId: text,
      goalId: text,
      period: instantOrNull,
      state: z.enum(["pending", "granted", "rejected", "parked", "cancelled"]),
      attempts: count,
      lastError: text.nullable(),
    }),
  ),
};
export const adminPlayer = z.strictObject(playerRecord);
export const exported = z.strictObject({ ...playerRecord, exportedAt: instant });
export const erased = z.strictObject({ userId: text, rowsDeleted: count });
export const wasReset = z.strictObject({ userId: text, goals: z.array(progressLine) });

export const grant = z.strictObject({
  grantId: text,
  userId: text.nullable(),
  challengeId: text,
  goalId: text,
  period: instantOrNull,
  reward: z.strictObject({ type: text, rewardId: text, quantity: z.number() }),
  state: z.enum(["pending", "granted", "rejected", "parked", "cancelled"]),
  attempts: count,
  nextAttemptAt: instantOrNull,
  lastError: text.nullable(),
  createdAt: instant,
  grantedAt: instantOrNull,
});
export const grantList = z.strictObject({ grants: z.array(grant), next: text.nullable() });

export const shards = z.strictObject({
  shards: z.array(
    z.strictObject({
      shard: text,
      epoch: count.nullable(),
      journalDepth: count,
      oldestAgeMs: z.number().min(0),
      dirtyPlayers: count,
      parkedPlayers: count,
      lastFlushAt: instantOrNull,
      lastError: text.nullable(),
    }),
  ),
});

export const resumeReport = z.strictObject({
  shard: text,
  isResumed: z.boolean(),
  containedUpTo: count,
  flushedUpTo: count,
  lostAtMost: count,
  lostFrom: instantOrNull,
  lostTo: instantOrNull,
  resendableIds: count,
});

/** RFC 9457 with `code`; some refusals name fields beside these. */
export const problem = z.looseObject({
  type: text,
  title: text,
  status: z.int(),
  detail: text,
  instance: text,
  code: text,
  errors: z.array(z.strictObject({ path: text, message: text })).optional(),
});
export type Problem = z.infer<typeof problem>;
