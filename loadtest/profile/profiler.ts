import * as z from "zod";

import { LOOPBACK } from "../../dev/ports.ts";
import { InspectorSession } from "./inspector-session.ts";
import { CPU_PROFILE, type CpuProfile } from "./self-time.ts";

/** The Worker with all of its shards. Isolates share a thread: while another one runs, this one's last function gets the time. */
const ISOLATES = ["core:user:gauntlet"];
/** Often enough for functions of a percent; costs a few percent itself. */
const SAMPLING_MICROSECONDS = 1_000;

const TARGETS = z.array(z.object({ id: z.string(), webSocketDebuggerUrl: z.string() }));
const STOPPED = z.object({ profile: CPU_PROFILE });

/** One isolate's profile. */
export interface IsolateProfile {
  readonly isolate: string;
  readonly profile: CpuProfile;
}

/** Profiles that are being taken. */
export interface Profiler {
  stop(): Promise<readonly IsolateProfile[]>;
}

/** Starts a CPU profile of each isolate of a workerd whose inspector listens at that port. */
export async function startProfiler(inspectorPort: number): Promise<Profiler> {
  const response = await fetch(`http://${LOOPBACK}:${inspectorPort}/json`);
  const targets = TARGETS.parse(await response.json());
  const sessions: { isolate: string; session: InspectorSession }[] = [];
  for (const { id, webSocketDebuggerUrl } of targets) {
    if (!ISOLATES.includes(id)) continue;
    const session = await InspectorSession.open(webSocketDebuggerUrl);
    await session.call("Profiler.enable");
    await session.call("Profiler.setSamplingInterval", { interval: SAMPLING_MICROSECONDS });
    await session.call("Profiler.start");
    sessions.push({ isolate: id, session });
  }
  return {
    stop: async () => {
      const profiles: IsolateProfile[] = [];
      for (const { isolate, session } of sessions) {
        const { profile } = STOPPED.parse(await session.call("Profiler.stop"));
        profiles.push({ isolate, profile });
        session.close();
      }
      return profiles;
    },
  };
}
