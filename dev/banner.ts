import type { DemoGoal } from "./demo-goal.ts";

/** What the banner tells; `baseUrl` includes a BASE_PATH. */
export interface BannerFacts {
  readonly baseUrl: string;
  readonly userId: string;
  readonly playerToken: string;
  readonly serverKey: string;
  readonly operatorKey: string;
  readonly databaseUrl: string;
  /** The file with the Worker's whole log; warnings and errors are shown in the terminal too. */
  readonly workerLog: string;
  /** What is active, in a few words. */
  readonly catalog: string;
  /** What the rules take for now, when their clock is shifted. */
  readonly shiftedNow: string | null;
  /** Null when no challenge is open. */
  readonly demoGoal: DemoGoal | null;
}

/** The lines printed once the stack is up. The curl lines work as they stand, in any POSIX shell. */
export function bannerLines(facts: BannerFacts): string[] {
  return [
    "",
    `Gauntlet is up:  ${facts.baseUrl}`,
    `  catalog        ${facts.catalog}`,
    `  player token   ${facts.playerToken}`,
    `                 (player ${facts.userId}; for another: npm run -s token -- --user <id>)`,
    `  server key     ${facts.serverKey}`,
    `  operator key   ${facts.operatorKey}`,
    `  Postgres       ${facts.databaseUrl}`,
    `  Worker's log   ${facts.workerLog}`,
    ...(facts.shiftedNow === null ? [] : [`  clock          shifted: it is ${facts.shiftedNow}`]),
    "",
    ...curlLines(facts),
    "",
    "Ctrl-C stops everything and keeps the state; npm run dev -- --reset starts anew.",
  ];
}

function curlLines(facts: BannerFacts): string[] {
  const { baseUrl, demoGoal } = facts;
  const player = `-H ${quote(`Authorization: Bearer ${facts.playerToken}`)}`;
  if (demoGoal === null) {
    return [
      "No challenge is open at the moment. See the catalog and the (empty) progress:",
      `curl -sS ${quote(`${baseUrl}/v1/catalog`)}`,
      `curl -sS ${quote(`${baseUrl}/v1/progress`)} ${player}`,
      `curl -sS ${quote(`${baseUrl}/v1/challenges`)} ${player}`,
    ];
  }
  const goalPath = `/v1/challenges/${encodeURIComponent(demoGoal.challengeId)}/goals/${encodeURIComponent(demoGoal.goalId)}`;
  const claim = `curl -sS -X POST ${quote(`${baseUrl}${goalPath}/claim`)} ${player}`;
  const progress = `curl -sS ${quote(`${baseUrl}/v1/progress`)} ${player}`;
  const asksForClaim = demoGoal.completes;
  return [
    asksForClaim
      ? `Complete "${demoGoal.name}" by one event, look at it, claim its reward:`
      : `Move "${demoGoal.name}" by one event, look at it, and at the progress alone:`,
    eventLine(facts, demoGoal),
    `curl -sS ${quote(`${baseUrl}/v1/challenges?active_only=true`)} ${player}`,
    asksForClaim ? claim : progress,
  ];
}

/** The event id has the time in it: pasted again it is a new event, not a duplicate. */
function eventLine({ baseUrl, serverKey, userId }: BannerFacts, { event }: DemoGoal): string {
  const rest = JSON.stringify({ ...event, userId }).slice(1);
  const body = `${quote('{"id":"try-')}"$(date +%s)"${quote(`",${rest}`)}`;
  return [
    `curl -sS -X POST ${quote(`${baseUrl}/v1/events`)}`,
    `-H ${quote(`Authorization: Bearer ${serverKey}`)} -H 'Content-Type: application/json'`,
    `-d ${body}`,
  ].join(" ");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
