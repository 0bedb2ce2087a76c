import { execFileSync } from "node:child_process";

import { describe, expect, test } from "vitest";

import { bannerLines, type BannerFacts } from "./banner.ts";
import type { DemoGoal } from "./demo-goal.ts";

const GOAL: DemoGoal = {
  challengeId: "winter '26",
  goalId: "it's/done",
  name: "It's done",
  isActive: true,
  completes: true,
  event: { type: "statistic", statCode: "k'ills", latestValue: 10, inc: 10 },
};

function curlLines(demoGoal: DemoGoal | null): string[] {
  const facts: BannerFacts = {
    baseUrl: "http://127.0.0.1:8787/challenge",
    userId: "player-1",
    playerToken: "jwt",
    serverKey: "gk_local_1",
    operatorKey: "gk_operator_1",
    databaseUrl: "postgres://local",
    shiftedNow: null,
    workerLog: "worker.log",
    catalog: "version 1",
    demoGoal,
  };
  return bannerLines(facts).filter((line) => line.startsWith("curl "));
}

/** What a shell makes of a line's arguments. */
function inShell(line: string): string[] {
  const script = `show() { printf '%s\\n' "$@"; }; ${line.replace(/^curl/, "show")}`;
  return execFileSync("sh", ["-c", script], { encoding: "utf8" }).trimEnd().split("\n");
}

describe("the three curl lines", () => {
  test("post an event, read it back and claim, with every awkward character intact", () => {
    const [event = "", read = "", claim = "", ...rest] = curlLines(GOAL);
    expect(rest).toEqual([]);
    const body: unknown = JSON.parse(inShell(event).at(-1) ?? "");
    expect(body).toEqual({
      id: expect.stringMatching(/^try-\d+$/),
      type: "statistic",
      statCode: "k'ills",
      latestValue: 10,
      inc: 10,
      userId: "player-1",
    });
    expect(inShell(event)).toContain("Authorization: Bearer gk_local_1");
    expect(inShell(read)).toContain(
      "http://127.0.0.1:8787/challenge/v1/challenges?active_only=true",
    );
    expect(inShell(claim)).toEqual([
      "-sS",
      "-X",
      "POST",
      "http://127.0.0.1:8787/challenge/v1/challenges/winter%20'26/goals/it's%2Fdone/claim",
      "-H",
      "Authorization: Bearer jwt",
    ]);
  });

  test("show the progress instead of a claim when one event does not complete the goal", () => {
    const lines = curlLines({ ...GOAL, completes: false });
    expect(lines).toHaveLength(3);
    expect(lines[2]).toContain("/v1/progress");
  });

  test("are three even when no challenge is open", () => {
    const lines = curlLines(null);
    expect(lines).toHaveLength(3);
    expect(lines.join()).not.toContain("/v1/events");
  });
});
