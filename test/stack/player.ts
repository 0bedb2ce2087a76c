import { randomUUID } from "node:crypto";

import type { Answer, Api, CallOptions } from "./api.ts";
import type { KeyName } from "./contract-stack.ts";
import { expectBody } from "./expect-answer.ts";
import { accepted, progressDocument, type ProgressLine } from "./shapes.ts";

/** One player of a running stack, and the game server that tells what the player does. */
export class Player {
  readonly userId: string;
  readonly token: string;
  readonly #api: Api;

  constructor(api: Api, userId: string, token: string) {
    this.#api = api;
    this.userId = userId;
    this.token = token;
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.#api.call(path, { as: this.token, headers });
  }

  send(
    method: "POST" | "PUT" | "DELETE",
    path: string,
    options: CallOptions = {},
  ): Promise<Answer> {
    return this.#api.call(path, { ...options, method, as: this.token });
  }

  initialize(headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.send("POST", "/v1/challenges/initialize", { headers });
  }

  setActive(path: GoalPath, isActive: boolean, headers = {}): Promise<Answer> {
    return this.send("PUT", `${goalUrl(path)}/active`, { body: { isActive }, headers });
  }

  claim(path: GoalPath, headers = {}): Promise<Answer> {
    return this.send("POST", `${goalUrl(path)}/claim`, { headers });
  }

  /** Makes goals active; throws when one cannot be. */
  async activate(...paths: GoalPath[]): Promise<void> {
    for (const path of paths) {
      const { status, text } = await this.setActive(path, true);
      if (status !== 200) throw new Error(`${goalUrl(path)} was not activated: ${status} ${text}`);
    }
  }

  /** Something of the player happens: events that must all be taken now. */
  async does(...events: EventFields[]): Promise<void> {
    await this.doesIn("local", ...events);
  }

  /** The same in the namespace of a key. */
  async doesIn(key: KeyName, ...events: EventFields[]): Promise<void> {
    const answer = await this.#api.postEvents({ events: events.map((it) => this.event(it)) }, key);
    const counts = expectBody(answer, 202, accepted);
    if (counts.accepted !== events.length) throw new Error(`Not all was taken: ${answer.text}`);
  }

  /** An event of this player with a new id; a statistic when it has a stat code, else a login. */
  event(fields: EventFields = {}): { id: string; userId: string } & EventFields {
    const type = fields["statCode"] === undefined ? "login" : "statistic";
    return { id: `event-${randomUUID()}`, type, userId: this.userId, ...fields };
  }

  /** GET /v1/progress, whose shape is checked at every call. */
  async progress(): Promise<ProgressLine[]> {
    return expectBody(await this.get("/v1/progress"), 200, progressDocument).goals;
  }

  /** The goal's line of GET /v1/progress; null when it has none. */
  async goal(goalId: string): Promise<ProgressLine | null> {
    return (await this.progress()).find((line) => line.goalId === goalId) ?? null;
  }
}

/** `challengeId/goalId`; as a pair where an id has a slash. */
export type GoalPath = `${string}/${string}` | readonly [challengeId: string, goalId: string];

/** Fields of an event beside id, user and type; any of these may be overwritten too. */
export type EventFields = Readonly<Record<string, unknown>>;

function goalUrl(path: GoalPath): string {
  const [challengeId = "", goalId = ""] = typeof path === "string" ? path.split("/") : path;
  return `/v1/challenges/${encodeURIComponent(challengeId)}/goals/${encodeURIComponent(goalId)}`;
}
