import { randomUUID } from "node:crypto";

import { describe, expect, test } from "vitest";

import { sharedApi } from "./api.ts";
import { expectBody } from "./expect-answer.ts";
import { accepted } from "./shapes.ts";

const api = sharedApi();

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;

function ago(milliseconds: number): string {
  return new Date(Date.now() - milliseconds).toISOString();
}

/** A good statistic; a field that is undefined in `changes` is left out. */
function statistic(userId: string, changes: object = {}): object {
  const id = `event-${randomUUID()}`;
  return { id, type: "statistic", userId, statCode: "kills", inc: 1, ...changes };
}

/** Sent as text, since some of what has to be refused is no value of JavaScript. */
async function postText(events: readonly string[]) {
  const answer = await api.call("/v1/events?results=all", {
    method: "POST",
    as: api.key("local"),
    headers: { "Content-Type": "application/json" },
    body: `{"events":[${events.join(",")}]}`,
  });
  return expectBody(answer, 202, accepted);
}

describe("an item is rejected by itself", () => {
  const changes: Record<string, object> = {
    "without an id": { id: undefined },
    "with an empty id": { id: "" },
    "with an id of 129 characters": { id: "x".repeat(129) },
    "with a control character in its id": { id: "a\u0000b" },
    "with a line break in its id": { id: "a\nb" },
    "with half a character as id": { id: "\ud800" },
    "with a number as id": { id: 7 },
    "without a user": { userId: undefined },
    "with an empty user": { userId: "" },
    "with a user of 101 characters": { userId: "x".repeat(101) },
    "with a control character in its user": { userId: "an\u007fna" },
    "with a user that is no text": { userId: { id: "anna" } },
    "without a type": { type: undefined },
    "with an unknown type": { type: "logout" },
    "without a stat code": { statCode: undefined },
    "with an empty stat code": { statCode: "" },
    "with a stat code of 101 characters": { statCode: "x".repeat(101) },
    "with a control character in its stat code": { statCode: "ki\tlls" },
    "without any value": { inc: undefined },
    "with both values null": { inc: null, latestValue: null },
    "with a negative inc": { inc: -0.5 },
    "with a negative latestValue": { latestValue: -1 },
    "with text as inc": { inc: "1" },
    "with true as inc": { inc: true },
    "with a list as latestValue": { latestValue: [1] },
    "with a timestamp that is a number": { timestamp: 1_700_000_000 },
    "with a timestamp without a zone": { timestamp: "2026-11-24T20:15:30" },
    "with a day as timestamp": { timestamp: "2026-11-24" },
    "with a 30 February": { timestamp: "2026-02-30T00:00:00Z" },
    "with an empty timestamp": { timestamp: "" },
    "6 minutes ahead": { timestamp: ago(-6 * MINUTE_MS) },
    "8 days old": { timestamp: ago(8 * DAY_MS) },
    "of 1970": { timestamp: "1970-01-01T00:00:00Z" },
  };

  test.each(Object.keys(changes))("%s", async (what) => {
    const player = await api.player();
    const [wrong, right] = [statistic(player.userId, changes[what]), statistic(player.userId)];
    const events = [JSON.stringify(wrong), JSON.stringify(right)];
    const { results, ...counts } = await postText(events);
    expect(counts).toEqual({ accepted: 1, duplicates: 0, ignored: 0, rejected: 1 });
    expect(results[0]).toMatchObject({
      index: 0,
      status: "rejected",
      code: "INVALID_REQUEST",
      detail: expect.stringMatching(/./),
      retryable: false,
    });
    expect(await player.goal("default-kills")).toMatchObject({ progress: 1 });
  });

  test("when its number is not finite, or it is no object at all", async () => {
    const { userId } = await api.player();
    const infinite = (field: string) =>
      `{"id":"event-${randomUUID()}","type":"statistic","userId":"${userId}","statCode":"kills","${field}":1e999}`;
    const items = [infinite("inc"), infinite("latestValue"), "null", "1", '"event"', "[]", "{}"];
    const { results, ...counts } = await postText(items);
    expect(counts).toEqual({ accepted: 0, duplicates: 0, ignored: 0, rejected: items.length });
    for (const { code, retryable } of results) {
      expect([code, retryable]).toEqual(["INVALID_REQUEST", false]);
    }
  });

  test("also when it is the only one, in a body of its own", async () => {
    const wrong = statistic("anna", { inc: -1 });
    const { results, ...counts } = expectBody(await api.postEvents(wrong), 202, accepted);
    expect(counts).toEqual({ accepted: 0, duplicates: 0, ignored: 0, rejected: 1 });
    expect(results).toHaveLength(1);
  });

  test("and is named by the id that it came with", async () => {
    const ids = ["given", null, null];
    const items = ids.map((id) => ({ id, type: "logout", userId: "anna" }));
    const { results } = await postText([...items.map((item) => JSON.stringify(item)), '{"id":7}']);
    expect(results.map(({ id }) => id)).toEqual([...ids, null]);
  });
});

describe("an item is taken", () => {
  const changes: Record<string, object> = {
    "with an id of 128 characters": { id: `${randomUUID()}${"é".repeat(92)}` },
    "with a user of 100 characters": { userId: `${randomUUID()}${"☃".repeat(64)}` },
    "with both values": { latestValue: 1.5, inc: 0.5 },
    "with a value of nothing": { inc: 0 },
    "with a huge value": { inc: 1e300 },
    "with null where nothing is given": { latestValue: null, timestamp: null },
    "with fields that nobody knows": { weapon: "axe", zone: { id: 1 } },
    "4 minutes ahead": { timestamp: ago(-4 * MINUTE_MS) },
    "almost 7 days old": { timestamp: ago(7 * DAY_MS - 10 * MINUTE_MS) },
    "stamped in another zone": { timestamp: ago(-60 * MINUTE_MS).replace("Z", "+01:00") },
    "stamped to the nanosecond": { timestamp: ago(0).replace("Z", "000000Z") },
  };

  test.each(Object.keys(changes))("%s", async (what) => {
    const event = statistic(`player-${randomUUID()}`, changes[what]);
    const { results } = await postText([JSON.stringify(event)]);
    expect(results[0]).toMatchObject({ status: "accepted", code: null });
  });

  test("as a login, with or without the fields of a statistic", async () => {
    const player = await api.player();
    await player.does({ type: "login" }, { type: "login", statCode: "any", inc: 7 });
    expect(await player.goal("default-login")).toMatchObject({ progress: 2 });
  });
});
