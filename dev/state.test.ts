import { existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { removeState, stateFolder, statePaths } from "./state-paths.ts";
import { openState, readState, writeState } from "./state.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

test("keys, password and id are drawn once and kept", async () => {
  const paths = statePaths(join(temporaryFolder(), "state"));
  expect(readState(paths)).toBeNull();
  const first = await openState(paths, "default");
  expect(await openState(paths, "default")).toEqual(first);
  expect(first.serverKey.entry).toMatchObject({ namespace: "default" });
  expect(first.serverKey.entry.scopes).not.toContain("operator");
  expect(first.operatorKey.entry).toMatchObject({ namespace: null, scopes: ["operator"] });
});

test("the server key follows the default namespace", async () => {
  const paths = statePaths(temporaryFolder());
  const first = await openState(paths, "default");
  const second = await openState(paths, "other");
  expect(second).toMatchObject({ id: first.id, operatorKey: first.operatorKey });
  expect(second.serverKey.entry.namespace).toBe("other");
  expect(readState(paths)).toEqual(second);
});

test("only the owner can read the secrets", async () => {
  const paths = statePaths(join(temporaryFolder(), "state"));
  await openState(paths, "default");
  expect(statSync(paths.folder).mode & 0o077).toBe(0);
  expect(statSync(paths.stateFile).mode & 0o077).toBe(0);
});

test("a damaged state stops with the remedy, and can be dropped", async () => {
  const paths = statePaths(temporaryFolder());
  writeFileSync(paths.stateFile, "{");
  expect(() => readState(paths)).toThrow("npm run dev -- --reset");
  removeState(paths);
  expect(readState(paths)).toBeNull();
});

test("dropping the state leaves what is not the stack's", async () => {
  const paths = statePaths(temporaryFolder());
  writeState(paths, await openState(paths, "default"));
  const other = join(paths.folder, "notes.txt");
  writeFileSync(other, "mine");
  writeFileSync(paths.workerLog, "log");
  removeState(paths);
  expect(existsSync(other)).toBe(true);
  expect(existsSync(paths.stateFile)).toBe(false);
  expect(existsSync(paths.workerLog)).toBe(false);
});

test("GAUNTLET_STATE names another folder than .gauntlet", () => {
  expect(stateFolder({})).toMatch(/\.gauntlet$/);
  expect(stateFolder({ GAUNTLET_STATE: "/somewhere/else" })).toBe("/somewhere/else");
});
