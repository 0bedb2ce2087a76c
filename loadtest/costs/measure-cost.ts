import type { HttpPool } from "../generator/http-pool.ts";
import { readProcessTable } from "../measure/process-table.ts";

/** What a request costs. CPU says the same on a busy machine, a rate does not. */
export interface Cost {
  readonly name: string;
  readonly cpuMs: number;
  readonly perSecond: number;
  /** Answers other than the one expected. */
  readonly failed: number;
}

const CONNECTIONS = 32;
const MEASURED_MS = 3_000;

/** Sends requests in a closed loop for some seconds, and divides workerd's CPU by their number. */
export async function measureCost(options: {
  readonly name: string;
  readonly pool: HttpPool;
  readonly expectedStatus: number;
  /** The text of the request of that number. */
  readonly request: (count: number) => string;
}): Promise<Cost> {
  const { name, pool, expectedStatus, request } = options;
  const cpuBefore = workerdCpuSeconds();
  const startedAt = performance.now();
  let [count, failed] = [0, 0];
  const connection = async () => {
    while (performance.now() - startedAt < MEASURED_MS) {
      const outcome = await pool.send({ text: request(count++), keepsBody: false });
      if (outcome.status !== expectedStatus) failed += 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  const seconds = (performance.now() - startedAt) / 1000;
  const cpuMs = ((workerdCpuSeconds() - cpuBefore) * 1000) / count;
  return { name, cpuMs, perSecond: count / seconds, failed };
}

/** Of the workerd that this process, or a child of it, has started. */
function workerdCpuSeconds(): number {
  const all = readProcessTable();
  const own = new Set([process.pid]);
  for (const { pid, parentPid } of all) if (parentPid === process.pid) own.add(pid);
  return all
    .filter(({ parentPid, command }) => own.has(parentPid) && command.includes("workerd serve"))
    .reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
}
