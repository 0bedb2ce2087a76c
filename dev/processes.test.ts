import { spawn } from "node:child_process";
import { once } from "node:events";

import { expect, test, vi } from "vitest";

import {
  descendantsOf,
  findProcess,
  isStillRunning,
  stopProcess,
  sendSignal,
} from "./processes.ts";

const STUBBORN = "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)";

test("a process is found by its pid with parent and command line, and is gone once it has ended", async () => {
  const child = spawn("sleep", ["60"]);
  const found = findProcess(child.pid ?? 0);
  expect(found).toMatchObject({ parentPid: process.pid, command: "sleep 60" });
  if (found === null) return;
  expect(isStillRunning(found)).toBe(true);
  expect(isStillRunning({ ...found, startedAt: "earlier" })).toBe(false);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(isStillRunning(found)).toBe(false);
  expect(findProcess(found.pid)).toBeNull();
});

test("grandchildren are found too", async () => {
  const child = spawn("sh", ["-c", "sleep 60 & echo up; wait"]);
  await once(child.stdout, "data");
  // A child that was just forked has its parent's command line until it becomes what it shall run.
  const family = await vi.waitFor(() => {
    const found = descendantsOf(process.pid).filter(({ command }) => command === "sleep 60");
    expect(found.map(({ parentPid }) => parentPid)).toContain(child.pid);
    return found;
  });
  const ended = once(child, "exit");
  for (const each of [...family, { pid: child.pid ?? 0 }]) sendSignal(each.pid, "SIGKILL");
  await ended;
});

test("a process that ignores the polite signal gets the next one, in bounded time", async () => {
  const child = spawn(process.execPath, ["-e", STUBBORN]);
  await once(child.stdout, "data");
  const found = findProcess(child.pid ?? 0);
  if (found === null) throw new Error("The child did not start.");
  const steps = [
    { signal: "SIGTERM", waitMs: 100 },
    { signal: "SIGKILL", waitMs: 2_000 },
  ] as const;
  expect(await stopProcess(found, steps.slice(0, 1))).toBe(false);
  expect(await stopProcess(found, steps)).toBe(true);
  expect(child.signalCode ?? (await once(child, "exit"))[1]).toBe("SIGKILL");
});
