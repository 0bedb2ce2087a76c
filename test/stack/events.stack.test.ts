import { describe, expect, test } from "vitest";

import { sharedApi, type Answer } from "./api.ts";
import { expectBody, expectProblem } from "./expect-answer.ts";
import type { Player } from "./player.ts";
import { accepted } from "./shapes.ts";

const api = sharedApi();

function post(body: object, query = ""): Promise<Answer> {
  return api.call(`/v1/events${query}`, { method: "POST", as: api.key("local"), body });
}

function kill(player: Player, fields: object = {}) {
  return player.event({ statCode: "kills", inc: 1, ...fields });
}

async function killsOf(player: Player): Promise<number | undefined> {
  return (await player.goal("default-kills"))?.progress;
}

describe("POST /v1/events", () => {
  test("takes one event, and says nothing of it unless asked for all results", async () => {
    const player = await api.player();
    const none = { accepted: 1, duplicates: 0, ignored: 0, rejected: 0, results: [] };
    expect(expectBody(await post(kill(player)), 202, accepted)).toEqual(none);
    const event = kill(player);
    expect(expectBody(await post(event, "?results=all"), 202, accepted)).toEqual({
      ...none,
      results: [
        { index: 0, id: event.id, status: "accepted", code: null, detail: null, retryable: false },
      ],
    });
    expect(await killsOf(player)).toBe(2);
  });

  test("tells per item of a batch what became of it, in order", async () => {
    const player = await api.player();
    const events = [
      kill(player),
      player.event({ statCode: "nobody-counts-this", inc: 1 }),
      kill(player, { inc: -1 }),
      player.event(),
      kill(player),
    ];
    const answer = expectBody(await post({ events: [...events, events[0]] }), 202, accepted);
    expect(answer).toMatchObject({ accepted: 3, duplicates: 1, ignored: 1, rejected: 1 });
    const quiet = { code: null, detail: null, retryable: false };
    expect(answer.results).toEqual([
      { index: 1, id: events[1]?.id, status: "ignored", ...quiet },
      {
        index: 2,
        id: events[2]?.id,
        status: "rejected",
        code: "INVALID_REQUEST",
        detail: expect.stringContaining("inc"),
        retryable: false,
      },
      { index: 5, id: events[0]?.id, status: "duplicate", ...quiet },
    ]);
    const all = expectBody(await post({ events }, "?results=all"), 202, accepted);
    expect(all).toMatchObject({ accepted: 0, duplicates: 3, ignored: 1, rejected: 1 });
    expect(all.results.map(({ index, status }) => [index, status])).toEqual([
      [0, "duplicate"],
      [1, "ignored"],
      [2, "rejected"],
      [3, "duplicate"],
      [4, "duplicate"],
    ]);
    expect(await killsOf(player)).toBe(2);
  });

  test("counts an id once per player, whatever else the repeat says, and however often it comes at once", async () => {
    const [anna, bert] = [await api.player(), await api.player()];
    const event = kill(anna);
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(event)));
    const counts = answers.map((answer) => expectBody(answer, 202, accepted));
    expect(counts.filter((it) => it.accepted === 1)).toHaveLength(1);
    expect(counts.filter((it) => it.duplicates === 1)).toHaveLength(19);
    const changed = { ...event, inc: 5, timestamp: new Date().toISOString() };
    expect(expectBody(await post(changed), 202, accepted)).toMatchObject({ duplicates: 1 });
    const ofBert = { ...event, userId: bert.userId };
    expect(expectBody(await post(ofBert), 202, accepted)).toMatchObject({ accepted: 1 });
    expect([await killsOf(anna), await killsOf(bert)]).toEqual([1, 1]);
  });

  test("takes a rejected id again once the event is right", async () => {
    const player = await api.player();
    const wrong = kill(player, { inc: -1 });
    expect(expectBody(await post(wrong), 202, accepted)).toMatchObject({ rejected: 1 });
    const right = { ...wrong, inc: 1 };
    expect(expectBody(await post(right), 202, accepted)).toMatchObject({ accepted: 1 });
  });

  test("takes 500 events of many players in one request, and refuses 501", async () => {
    const players = await Promise.all(Array.from({ length: 25 }, () => api.player()));
    const events = players.flatMap((player) => Array.from({ length: 20 }, () => kill(player)));
    const one = players[0];
    if (one === undefined) throw new Error("There are no players.");
    expectProblem(await post({ events: [...events, kill(one)] }), 413, "BODY_TOO_LARGE");
    expect(await killsOf(one)).toBe(0);
    expect(expectBody(await post({ events }), 202, accepted)).toEqual({
      accepted: 500,
      duplicates: 0,
      ignored: 0,
      rejected: 0,
      results: [],
    });
    const kills = await Promise.all(players.map(killsOf));
    expect(kills).toEqual(players.map(() => 20));
  });

  test("refuses a query that it does not understand", async () => {
    const player = await api.player();
    expectProblem(await post(kill(player), "?results=some"), 400, "INVALID_REQUEST");
    expect(await killsOf(player)).toBe(0);
  });

  test("is 503 NO_CATALOG where nothing was ever published", async () => {
    const player = await api.player({ namespace: "empty" });
    expectProblem(await api.postEvents(kill(player), "empty"), 503, "NO_CATALOG");
    for (const path of ["/v1/challenges", "/v1/challenges/modes", "/v1/progress"]) {
      expectProblem(await player.get(path), 503, "NO_CATALOG");
    }
    expectProblem(await player.initialize(), 503, "NO_CATALOG");
    expectProblem(await player.setActive("modes/count-score", true), 503, "NO_CATALOG");
    expectProblem(await player.claim("modes/count-score"), 503, "NO_CATALOG");
    const as = api.key("empty");
    expectProblem(await api.call("/v1/admin/catalog", { as }), 503, "NO_CATALOG");
  });
});
