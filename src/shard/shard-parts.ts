import { Admission } from "./admission.ts";
import { Arrivals } from "./arrivals.ts";
import { CommandCalls } from "./command-calls.ts";
import { EventCalls } from "./event-calls.ts";
import { FenceKeeper } from "./fence-keeper.ts";
import { FlushPass } from "./flush-pass.ts";
import { Flusher } from "./flusher.ts";
import { Granting } from "./granting.ts";
import { GroupCommit } from "./group-commit.ts";
import { GroupWriter } from "./group-writer.ts";
import { HandOver } from "./hand-over.ts";
import { Loader } from "./loader.ts";
import { ShardMemory } from "./memory.ts";
import { Ownership } from "./ownership.ts";
import { PlayerAccess } from "./player-access.ts";
import { PlayerQuota } from "./player-quota.ts";
import type { ShardPorts } from "./ports.ts";
import { Pump } from "./pump.ts";
import { Resume } from "./resume.ts";
import { RetryCalls } from "./retry-calls.ts";
import { ShardCounters } from "./shard-counters.ts";
import type { ReportParts } from "./shard-report.ts";

/** The parts of a shard that its calls reach. */
export interface ShardParts {
  /** As given, with a log that is counted. */
  readonly ports: ShardPorts;
  readonly counters: ShardCounters;
  readonly report: ReportParts;
  readonly memory: ShardMemory;
  readonly pump: Pump;
  readonly admission: Admission;
  readonly quota: PlayerQuota;
  readonly access: PlayerAccess;
  readonly ownership: Ownership;
  readonly handOver: HandOver;
  readonly events: EventCalls;
  readonly commands: CommandCalls;
  readonly retries: RetryCalls;
  readonly resume: Resume;
}

/** Builds the memory from the object's SQLite and puts everything else around it; starts nothing. */
export function assembleShard(given: ShardPorts): ShardParts {
  const counters = new ShardCounters();
  const ports = { ...given, log: counters.counting(given.log) };
  const memory = new ShardMemory(ports);
  const fence = new FenceKeeper(ports, (found) => memory.adopt(found));
  const commit = new GroupCommit(memory, fence, ports);
  const writer = new GroupWriter(commit, ports, () => pump.arm());
  const granting = new Granting(ports, writer, memory);
  const loader = new Loader(memory, fence, ports, (resident) => granting.resume(resident));
  const flusher = new Flusher(memory, fence, ports);
  const pump = new Pump(new FlushPass({ ports, memory, fence, loader, flusher, granting }), ports);
  const admission = new Admission(memory, writer, ports.settings.limits?.journalOperationsMax);
  const access = new PlayerAccess(memory, loader, fence, ports);
  const ownership = new Ownership(memory, new Arrivals(memory, granting, ports), ports);
  return {
    ports,
    counters,
    report: { memory, fence, loader, counters, startedAt: ports.realClock.now() },
    memory,
    pump,
    admission,
    quota: new PlayerQuota(memory, ports.realClock),
    access,
    ownership,
    handOver: new HandOver(memory, granting, ports, () => pump.hurry()),
    events: new EventCalls(memory, writer, loader, ownership, ports),
    commands: new CommandCalls(memory, writer, granting, access, ports),
    retries: new RetryCalls(memory, writer, access, ports),
    resume: new Resume(memory, fence, ports, () => admission.close()),
  };
}
