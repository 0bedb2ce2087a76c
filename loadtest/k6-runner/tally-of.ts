import { Tally } from "../generator/tally.ts";
import { claimOf, claimsOfSession, eventsOf, switchOf } from "../k6/assignment.ts";
import type { LogLine } from "../k6/log-lines.ts";
import type { NumberedStream } from "../k6/streams.ts";

/** A stream, and how many of its arrivals k6 has carried out: the first ones, without a gap. */
export interface CarriedOut {
  readonly stream: NumberedStream;
  readonly iterations: number;
}

/**
 * The account of what was acknowledged, put together from the numbers of the arrivals and from the exceptions in the log.
 *
 * Rests on `iterationInTest` having no gaps; `Collected` holds it against what the virtual users have counted.
 */
export function tallyOf(
  carriedOut: readonly CarriedOut[],
  lines: readonly LogLine[],
  players: number,
): Tally {
  const tally = new Tally(players);
  const unacknowledged = new Set(
    lines.flatMap((line) => (line.is === "unacknowledged" ? line.ids : [])),
  );
  const unclaimed = new Map(
    lines.flatMap((line) =>
      line.is === "unclaimed" ? [[`${line.player}/${line.stat}`, line.isOpen] as const] : [],
    ),
  );
  for (const { stream, iterations } of carriedOut) {
    for (let iteration = 0; iteration < iterations; iteration += 1) {
      for (const { id, player, stat } of eventsOf(stream, iteration, players)) {
        if (unacknowledged.has(id)) tally.leaveUnknown(player, stat);
        else tally.acknowledge(player, stat);
      }
      const number = stream.firstNumber + iteration;
      for (const claim of claimsOf(stream, number, players)) {
        const isOpen = unclaimed.get(`${claim.player}/${claim.stat}`);
        if (isOpen !== false) tally.claim(claim, isOpen === undefined);
      }
      if (stream.stream.action !== "set-active" && stream.stream.action !== "session") continue;
      const { player, goal, isActive } = switchOf(number, players);
      tally.activate(player, goal, isActive);
    }
  }
  for (const line of lines) {
    if (line.is === "unswitched") tally.forgetActivation(line.player, line.goal);
  }
  return tally;
}

function claimsOf({ stream: { action } }: NumberedStream, number: number, players: number) {
  if (action === "session") return claimsOfSession(number, players);
  const claim = action === "claim" ? claimOf(number, players) : null;
  return claim === null ? [] : [claim];
}
