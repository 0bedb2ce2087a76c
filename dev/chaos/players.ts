import { type ChaosEvent, ExpectedPlayer } from "./expected-player.ts";

/** A player of a crew, and what must be true of it. */
export interface ChaosPlayer {
  readonly userId: string;
  readonly token: string;
  readonly expected: ExpectedPlayer;
  /** Grants by goal that any answer named; more than one per goal is one too many. */
  readonly grantIds: Map<string, Set<string>>;
  /** Goals whose grant waits for a person: nothing more will come of their claims. */
  readonly parked: Set<string>;
  /** Everything it was sent, for repetitions. */
  readonly recent: ChaosEvent[];
  events: number;
  score: number;
  /** The last tag of GET /v1/progress, and what was due then. */
  tag: { readonly etag: string; readonly due: string } | null;
}

/** Crews play side by side; a small one does not wait long for one of its players to be loaded. */
const CREWS = 64;
const PLAYERS_PER_CREW = 3;

/** All players, crew by crew. */
export function makeCrews(tokenOf: (userId: string) => Promise<string>): Promise<ChaosPlayer[][]> {
  const crews = Array.from({ length: CREWS }, (_, crew) =>
    Array.from({ length: PLAYERS_PER_CREW }, (_, index) => `chaos-${crew + 1}-${index + 1}`),
  );
  return Promise.all(
    crews.map((crew) =>
      Promise.all(crew.map(async (userId) => newPlayer(userId, await tokenOf(userId)))),
    ),
  );
}

function newPlayer(userId: string, token: string): ChaosPlayer {
  const expected = new ExpectedPlayer();
  const grantIds = new Map<string, Set<string>>();
  const parked = new Set<string>();
  return { userId, token, expected, grantIds, parked, recent: [], events: 0, score: 0, tag: null };
}
