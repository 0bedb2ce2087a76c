import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";

import { expect, test } from "vitest";

import { findProcess } from "./processes.ts";
import { recordProcesses, stopLeftovers } from "./recorded-processes.ts";
import { lockState } from "./state-lock.ts";
import { statePaths } from "./state-paths.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

test("a second stack on the same folder is told who holds it and what to do", async () => {
  const paths = statePaths(temporaryFolder());
  const lock = await lockState(paths);
  await expect(lockState(paths)).rejects.toThrow(
    new RegExp(`process ${process.pid}.*GAUNTLET_STATE=`),
  );
  lock.release();
  (await lockState(paths)).release();
  expect(existsSync(paths.lockFile)).toBe(false);
});

test("of two that start at the same moment one gets the folder", async () => {
  const paths = statePaths(temporaryFolder());
  writeFileSync(paths.lockFile, "left by a kill");
  const attempts = await Promise.allSettled([lockState(paths), lockState(paths)]);
  expect(attempts.map((attempt) => attempt.status).toSorted()).toEqual(["fulfilled", "rejected"]);
});

test("the lock of a process that has gone is taken over, also when its pid is somebody else's now", async () => {
  const paths = statePaths(temporaryFolder());
  const self = findProcess(process.pid);
  for (const startedAt of ["1", "another time"]) {
    writeFileSync(paths.lockFile, JSON.stringify({ ...self, pid: process.ppid, startedAt }));
    const lock = await lockState(paths);
    await expect(lockState(paths)).rejects.toThrow(`process ${process.pid}`);
    lock.release();
  }
});

test("what a killed stack left running is ended, and nothing that only has its pid", async () => {
  const paths = statePaths(temporaryFolder());
  const [leftover, bystander] = [sleeper(), sleeper()];
  const [own, other] = [findProcess(leftover.pid ?? 0), findProcess(bystander.pid ?? 0)];
  if (own === null || other === null) throw new Error("The children did not start.");
  recordProcesses(paths, [own, { ...other, startedAt: "before" }]);
  const ended = once(leftover, "exit");
  await stopLeftovers(paths, () => {});
  expect((await ended)[1]).toBe("SIGKILL");
  expect(findProcess(other.pid)).not.toBeNull();
  bystander.kill("SIGKILL");
  await once(bystander, "exit");
});

function sleeper() {
  return spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"], { stdio: "ignore" });
}
