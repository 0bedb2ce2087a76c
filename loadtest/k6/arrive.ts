import { sleep } from "k6";

import { anyPlayer, claimOf, claimsOfSession, eventsOf, switchOf } from "./assignment.ts";
import { claimGoal, initialize, leaveUnclaimed, switchGoal } from "./command-actions.ts";
import { postEvents } from "./event-actions.ts";
import { readChallenges, readConditionally, readVisibility } from "./read-actions.ts";
import { tokens } from "./settings.ts";
import type { Arrival, VirtualUser } from "./virtual-user.ts";

/** A person looks before the next tap. */
const THINK_SECONDS_MIN = 0.2;
const THINK_SECONDS_MAX = 1.5;

/** Does what an arrival stands for; returns when it is answered. */
export function arrive(user: VirtualUser, arrival: Arrival): void {
  const { stream, number } = arrival;
  const players = tokens.length;
  switch (stream.stream.action) {
    case "initialize-next":
      return initialize(user, arrival, number % players, number < players);
    case "initialize":
      return initialize(user, arrival, anyPlayer(number, players), false);
    case "challenges":
      void readChallenges(user, arrival, anyPlayer(number, players), false);
      return;
    case "challenges-active":
      void readChallenges(user, arrival, anyPlayer(number, players), true);
      return;
    case "challenges-conditional":
      return readConditionally(user, arrival);
    case "set-active":
      return switchGoal(user, arrival, switchOf(number, players));
    case "claim":
      return completeAndClaim(user, arrival);
    case "events":
      void postEvents(user, arrival, eventsOf(stream, arrival.iteration, players));
      return;
    case "visibility":
      for (const event of eventsOf(stream, arrival.iteration, players)) {
        readVisibility(user, arrival, event);
      }
      return;
    case "session":
      return playSession(user, arrival);
  }
}

/** Posts the events that complete a goal which nobody has claimed, and claims it as soon as they are acknowledged. */
function completeAndClaim(user: VirtualUser, arrival: Arrival): void {
  const players = tokens.length;
  const claim = claimOf(arrival.number, players);
  if (claim === null) return;
  const events = eventsOf(arrival.stream, arrival.iteration, players);
  // Each is sent, whatever became of the one before: what was not sent would count as acknowledged.
  const isCompleted = events.map((event) => postEvents(user, arrival, [event])).every(Boolean);
  if (isCompleted) claimGoal(user, arrival, claim);
  else leaveUnclaimed(claim, false);
}

/** One player's evening: initialise, browse, select, play, look, claim. */
function playSession(user: VirtualUser, arrival: Arrival): void {
  const { number } = arrival;
  const players = tokens.length;
  const player = number % players;
  initialize(user, arrival, player, number < players);
  think();
  readChallenges(user, arrival, player, false);
  think();
  switchGoal(user, arrival, switchOf(number, players));
  let isPlayed = true;
  for (const event of eventsOf(arrival.stream, arrival.iteration, players)) {
    think();
    if (!postEvents(user, arrival, [event])) isPlayed = false;
  }
  think();
  readChallenges(user, arrival, player, true);
  for (const claim of claimsOfSession(number, players)) {
    think();
    if (isPlayed) claimGoal(user, arrival, claim);
    else leaveUnclaimed(claim, false);
  }
}

function think(): void {
  sleep(THINK_SECONDS_MIN + Math.random() * (THINK_SECONDS_MAX - THINK_SECONDS_MIN));
}
