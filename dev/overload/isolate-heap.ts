import * as z from "zod";

import { LOOPBACK } from "../ports.ts";
import { listeningPorts } from "./listening-ports.ts";

/** How workerd's inspector calls the isolate of this project's Worker; the others are wrangler's own. */
const TARGET_TITLE = /core:user:gauntlet$/;
/** A port that is no inspector says so at once, or nothing. */
const LISTING_TIMEOUT_MS = 2_000;
/** The isolate answers between two turns. One that is too busy is asked again a second later. */
const ANSWER_TIMEOUT_MS = 3_000;

const TARGETS = z.array(z.object({ title: z.string(), webSocketDebuggerUrl: z.string() }));
const USAGE = z.object({
  result: z.object({ usedSize: z.number(), backingStorageSize: z.number().default(0) }),
});

/** The isolate that holds Worker and shards, as workerd's inspector knows it. */
export class IsolateHeap {
  readonly #url: string;
  #asked = 0;

  constructor(url: string) {
    this.#url = url;
  }

  /** Bytes of live and not yet collected objects, buffers included; null when it does not answer in time. */
  async usedBytes(): Promise<number | null> {
    const id = ++this.#asked;
    const { promise, resolve } = Promise.withResolvers<number | null>();
    const socket = new WebSocket(this.#url);
    const timer = setTimeout(() => resolve(null), ANSWER_TIMEOUT_MS);
    socket.addEventListener("open", () => {
      socket.send(JSON.stringify({ id, method: "Runtime.getHeapUsage" }));
    });
    socket.addEventListener("message", ({ data }) => {
      const usage = USAGE.safeParse(JSON.parse(String(data))).data?.result;
      if (usage !== undefined) resolve(usage.usedSize + usage.backingStorageSize);
    });
    socket.addEventListener("error", () => resolve(null));
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      socket.close();
    }
  }
}

/** Finds the isolate among those of these workerd processes; null where ports cannot be told (only Linux can). */
export async function findIsolate(workerdPids: readonly number[]): Promise<IsolateHeap | null> {
  for (const port of workerdPids.flatMap(listeningPorts)) {
    const url = await targetAt(port);
    if (url !== null) return new IsolateHeap(url);
  }
  return null;
}

async function targetAt(port: number): Promise<string | null> {
  try {
    const signal = AbortSignal.timeout(LISTING_TIMEOUT_MS);
    const response = await fetch(`http://${LOOPBACK}:${port}/json`, { signal });
    const targets = TARGETS.parse(await response.json());
    return targets.find(({ title }) => TARGET_TITLE.test(title))?.webSocketDebuggerUrl ?? null;
  } catch {
    return null;
  }
}
