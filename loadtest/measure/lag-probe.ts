import { setTimeout as sleep } from "node:timers/promises";

import { Client } from "pg";

import { COUNTING_GOALS } from "../fixtures/load-catalog.ts";
import { LOGIN } from "../fixtures/stats.ts";

/** How long one acknowledged event took to Postgres. */
export interface LagSample {
  readonly atMs: number;
  readonly lagMs: number;
}

/** What is probed, and as whom. */
export interface LagProbeOptions {
  readonly baseUrl: string;
  readonly databaseUrl: string;
  readonly serverKey: string;
  readonly namespace: string;
  /** A player of the probe's own. */
  readonly userId: string;
}

export interface LagProbe {
  readonly samples: readonly LagSample[];
  stop(): Promise<void>;
}

const PAUSE_MS = 500;
/** Fine enough against a flush of one second, and 40 small queries a second at most. */
const POLL_INTERVAL_MS = 25;

/** Posts an event, looks into Postgres until it is there, and begins again: the time from acknowledgement to the system of record. */
export function startLagProbe(options: LagProbeOptions): LagProbe {
  const samples: LagSample[] = [];
  const ending = new AbortController();
  const running = probe(options, samples, ending.signal);
  return {
    samples,
    stop: () => {
      ending.abort();
      return running;
    },
  };
}

async function probe(
  options: LagProbeOptions,
  samples: LagSample[],
  ending: AbortSignal,
): Promise<void> {
  const client = new Client({ connectionString: options.databaseUrl });
  await client.connect();
  try {
    for (let sent = 1; !ending.aborted;) {
      if (await postEvent(options, sent)) {
        const acknowledgedAt = performance.now();
        while (!ending.aborted && (await countOf(client, options)) < sent) {
          await sleep(POLL_INTERVAL_MS);
        }
        // What is not there when the run ends is the verification's to find.
        const lagMs = performance.now() - acknowledgedAt;
        if (!ending.aborted) samples.push({ atMs: Date.now(), lagMs });
        sent += 1;
      }
      await sleep(PAUSE_MS);
    }
  } finally {
    await client.end();
  }
}

/** Whether the event is acknowledged; one that is not is sent again under the same id. */
async function postEvent(options: LagProbeOptions, number: number): Promise<boolean> {
  const { baseUrl, serverKey, userId } = options;
  const event = { id: `${userId}-${number}`, type: "login", userId, statCode: "login" };
  try {
    const response = await fetch(`${baseUrl}/v1/events`, {
      method: "POST",
      headers: { Authorization: `Bearer ${serverKey}`, "Content-Type": "application/json" },
      body: JSON.stringify(event),
    });
    const text = await response.text();
    return response.status === 202 && text.includes('"rejected":0');
  } catch {
    return false;
  }
}

async function countOf(client: Client, { namespace, userId }: LagProbeOptions): Promise<number> {
  const { rows } = await client.query<{ event_count: string }>(
    "SELECT event_count FROM user_goal_progress WHERE namespace = $1 AND user_id = $2 AND goal_id = $3",
    [namespace, userId, COUNTING_GOALS[LOGIN]?.goalId],
  );
  return Number(rows[0]?.event_count ?? 0);
}
