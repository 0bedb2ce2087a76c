import { describe, expect, test } from "vitest";

import { SimulatedParts } from "../../test/support/simulated-parts.ts";
import { Admission } from "./admission.ts";
import {
  CALLS_IN_FLIGHT_MAX,
  DIRTY_BYTES_MAX,
  DIRTY_PLAYERS_MAX,
  JOURNAL_BYTES_MAX,
  JOURNAL_OPERATIONS_MAX,
} from "./limits.ts";

interface Load {
  operations: number;
  bytes: number;
  openBytes: number;
  dirtyPlayers: number;
  dirtyBytes: number;
}

const IDLE: Load = {
  operations: 0,
  bytes: 0,
  openBytes: 0,
  dirtyPlayers: 0,
  dirtyBytes: 0,
};

function anAdmission(wish: Partial<Load> = {}): { admission: Admission; load: Load } {
  const load = { ...IDLE, ...wish };
  const { memory, writer } = new SimulatedParts();
  const fake = (of: object, property: string, get: () => unknown) =>
    Object.defineProperty(of, property, { get });
  fake(memory.journal, "size", () => ({ operations: load.operations, bytes: load.bytes }));
  fake(memory.residents, "dirtyCount", () => load.dirtyPlayers);
  fake(memory.residents, "dirtyBytes", () => load.dirtyBytes);
  fake(writer, "openBytes", () => load.openBytes);
  return { admission: new Admission(memory, writer), load };
}

function write(admission: Admission): Promise<string> {
  return admission.write(
    1,
    () => Promise.resolve("written"),
    ({ code, detail }) => `${code}: ${detail}`,
  );
}

function read(admission: Admission): Promise<string> {
  return admission.read(
    () => Promise.resolve("read"),
    ({ code }) => code,
  );
}

describe("a shard", () => {
  test.each<{ what: string; load: Partial<Load> }>([
    { what: "operations", load: { operations: JOURNAL_OPERATIONS_MAX } },
    { what: "bytes of journal", load: { bytes: JOURNAL_BYTES_MAX } },
    {
      what: "bytes of journal, the open group included",
      load: { bytes: JOURNAL_BYTES_MAX - 10, openBytes: 10 },
    },
    { what: "dirty players", load: { dirtyPlayers: DIRTY_PLAYERS_MAX } },
    { what: "bytes of dirty players", load: { dirtyBytes: DIRTY_BYTES_MAX } },
  ])("that holds too many $what takes no writes, still reads, and recovers", async ({ load }) => {
    const { admission, load: now } = anAdmission(load);
    expect(await write(admission)).toMatch(/^SHARD_OVERLOADED: .*not in Postgres yet/);
    expect(await read(admission)).toBe("read");
    for (const key of ["operations", "bytes", "dirtyPlayers", "dirtyBytes"] as const) {
      if (now[key] > 0) now[key]--;
    }
    expect(await write(admission)).toBe("written");
  });

  test("with too many calls in flight refuses both, until one of them ends, well or not", async () => {
    const { admission } = anAdmission();
    const ends: { resolve: (value: string) => void; reject: (error: Error) => void }[] = [];
    const calls = Array.from({ length: CALLS_IN_FLIGHT_MAX }, () =>
      admission.read(
        () => new Promise<string>((resolve, reject) => ends.push({ resolve, reject })),
        ({ code }) => code,
      ),
    );
    expect(await read(admission)).toBe("SHARD_OVERLOADED");
    expect(await write(admission)).toContain("calls in flight");
    ends[0]?.reject(new Error("gone wrong"));
    await expect(calls[0]).rejects.toThrow("gone wrong");
    expect(await write(admission)).toBe("written");
    for (const { resolve } of ends) resolve("done");
    await Promise.allSettled(calls);
  });

  test("counts what calls in flight bring, before it is in the journal", async () => {
    const { admission } = anAdmission({ operations: JOURNAL_OPERATIONS_MAX - 500 });
    const { promise, resolve } = Promise.withResolvers<string>();
    const batch = admission.write(
      500,
      () => promise,
      ({ code }) => code,
    );
    expect(await write(admission)).toContain("(200000 operations");
    expect(await read(admission)).toBe("read");
    resolve("batch written");
    expect(await batch).toBe("batch written");
    expect(await write(admission)).toBe("written");
  });

  test("takes fewer operations, or more, where a deployment says so", async () => {
    const { memory, writer } = new SimulatedParts();
    const size = { operations: 100, bytes: 0 };
    Object.defineProperty(memory.journal, "size", { get: () => size });
    const admission = new Admission(memory, writer, 100);
    expect(await write(admission)).toContain("100 operations");
    size.operations = 99;
    expect(await write(admission)).toBe("written");
  });

  test("says when to come again", async () => {
    const { admission } = anAdmission({ operations: JOURNAL_OPERATIONS_MAX });
    const seconds = await admission.write(
      1,
      () => Promise.resolve(0),
      ({ retryAfterSeconds }) => retryAfterSeconds ?? 0,
    );
    expect(seconds).toBeGreaterThan(0);
  });
});
