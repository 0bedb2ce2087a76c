import { randomUUID } from "node:crypto";

import { inject } from "vitest";

import { signPlayerToken } from "../../dev/signing-key.ts";
import type { KeyName, StackAccess } from "./contract-stack.ts";
import { Player } from "./player.ts";

export interface CallOptions {
  readonly method?: string;
  /** What stands behind `Authorization: Bearer`; nothing is sent without. */
  readonly as?: string;
  /** An object is sent as JSON; text and bytes as they are, without a Content-Type of their own. */
  readonly body?: object | string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Undefined when the text is no JSON. */
  readonly json: unknown;
}

/** A running stack as seen over HTTP. */
export class Api {
  readonly access: StackAccess;

  constructor(access: StackAccess) {
    this.access = access;
  }

  key(name: KeyName): string {
    const key = this.access.keys[name];
    if (key === undefined) throw new Error(`The stack has no key ${name}.`);
    return key;
  }

  async call(path: string, options: CallOptions = {}): Promise<Answer> {
    const { method = "GET", as, body } = options;
    const isJson = typeof body === "object" && !(body instanceof Uint8Array);
    const response = await fetch(this.access.url + path, {
      method,
      headers: {
        ...(as === undefined ? {} : { Authorization: `Bearer ${as}` }),
        ...(isJson ? { "Content-Type": "application/json" } : {}),
        ...options.headers,
      },
      ...(body === undefined ? {} : { body: isJson ? JSON.stringify(body) : body }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parsed(text) };
  }

  /** A player whom nothing has happened to yet, unless the id is somebody's. */
  async player({ namespace = "default", userId = `player-${randomUUID()}` } = {}): Promise<Player> {
    const { signingKey, issuer } = this.access;
    const token = await signPlayerToken(signingKey, issuer, { userId, namespace }, Date.now());
    return new Player(this, userId, token);
  }

  /** POST /v1/events, with the key of `default` unless another is named. */
  postEvents(body: CallOptions["body"] & object, key: KeyName = "local"): Promise<Answer> {
    return this.call("/v1/events?results=all", { method: "POST", as: this.key(key), body });
  }
}

/** The stack that all tests of the run share. */
export function sharedApi(): Api {
  return new Api(inject("stackAccess"));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
