/** What one arrival does; `generator/actions.ts` says how. */
export type ActionKind =
  /** POST initialize for the next player in order: new until everybody was there once. */
  | "initialize-next"
  /** POST initialize for any player. */
  | "initialize"
  | "challenges"
  | "challenges-active"
  /** GET challenges with the player's last ETag. */
  | "challenges-conditional"
  | "set-active"
  /** Claims a goal that acknowledged events have completed. */
  | "claim"
  /** POST events, `batch` of them for any players; one alone in the single form. */
  | "events"
  /** One player from start to claim, request after request. */
  | "session"
  /** Reads a player's progress and holds it against what was acknowledged before. */
  | "visibility";

/** Arrivals at a constant rate, whether or not earlier ones were answered. */
export interface Stream {
  readonly action: ActionKind;
  readonly perSecond: number;
  /** Events per request; 1 when absent. */
  readonly batch?: number;
}

/** A stretch of time with constant rates. */
export interface Phase {
  readonly name: string;
  readonly seconds: number;
  readonly streams: readonly Stream[];
  /** Waits for every answer before the next phase begins; without it, a slow server takes its backlog along. */
  readonly isAwaited?: boolean;
  /** Steps of one ladder: each is awaited, and the rest is left out after the first that breaks. */
  readonly ladder?: string;
}

/** A load test. */
export interface Scenario {
  readonly name: string;
  readonly players: number;
  readonly phases: readonly Phase[];
  /** Rows that lie in Postgres before the Worker starts; 0 is a clean database. */
  readonly preloadedRows: number;
}

/** Lengths of phases, as the flags say. */
export interface Lengths {
  /** Multiplies every length; for a quick look. */
  readonly scale: number;
  /** The published 1 + 30 minutes in place of 1 + 5. */
  readonly isFull: boolean;
}

/** 10,000 distinct players, as in the published run. */
export const PLAYERS = 10_000;
