import { once } from "node:events";
import { Agent, get, type IncomingMessage } from "node:http";

/** What a closed loop sends: each connection asks again as soon as it is answered. */
export interface ClosedLoop {
  readonly connections: number;
  readonly milliseconds: number;
  /** The request of that number; counts over all connections. */
  readonly request: (count: number) => { url: string; headers: Record<string, string> };
}

/** Answers per second, and how long they took in milliseconds. */
export interface LoopResult {
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly bytes: number;
  /** Answers other than 200. */
  readonly failed: number;
}

/** Runs the loop. A closed loop measures capacity, not latency under a given load: a slow answer slows the asking down. */
export async function runClosedLoop(loop: ClosedLoop): Promise<LoopResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: loop.connections });
  const durations: number[] = [];
  let [count, failed, bytes] = [0, 0, 0];
  const startedAt = performance.now();
  const endsAt = startedAt + loop.milliseconds;
  const connection = async () => {
    while (performance.now() < endsAt) {
      const { url, headers } = loop.request(count++);
      const sentAt = performance.now();
      const answer = await ask(agent, url, headers);
      durations.push(performance.now() - sentAt);
      bytes += answer.bytes;
      if (answer.status !== 200) failed++;
    }
  };
  await Promise.all(Array.from({ length: loop.connections }, connection));
  const seconds = (performance.now() - startedAt) / 1000;
  agent.destroy();
  const sorted = durations.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return { perSecond: durations.length / seconds, p50: at(0.5), p95: at(0.95), bytes, failed };
}

async function ask(
  agent: Agent,
  url: string,
  headers: Record<string, string>,
): Promise<{ status: number; bytes: number }> {
  const request = get(url, { agent, headers });
  const [response]: IncomingMessage[] = await once(request, "response");
  if (response === undefined) throw new Error("There was no response.");
  let bytes = 0;
  for await (const chunk of response) bytes += Buffer.byteLength(chunk);
  return { status: response.statusCode ?? 0, bytes };
}
