import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { lockProblems } from "./lock-problems.ts";

const GOOD = { version: "1.0.0", integrity: "sha512-abc" };

function problemsOf(packages: Record<string, object>, allowScripts = {}): string[] {
  const lock = { packages: { "": { name: "project" }, ...packages } };
  return lockProblems(JSON.stringify(lock), JSON.stringify({ allowScripts }));
}

test("this project's lock file is in order", () => {
  const [lock, manifest] = ["package-lock.json", "package.json"].map((file) =>
    readFileSync(file, "utf8"),
  );
  expect(lockProblems(lock ?? "", manifest ?? "")).toEqual([]);
});

test("a package without a strong hash, or not over https, is named", () => {
  expect(problemsOf({ "node_modules/a": GOOD })).toEqual([]);
  expect(problemsOf({ "node_modules/a": { version: "1.0.0" } })).toHaveLength(1);
  expect(problemsOf({ "node_modules/a": { integrity: "sha1-abc" } })).toHaveLength(1);
  const plain = { ...GOOD, resolved: "git+ssh://git@example.com/a.git" };
  expect(problemsOf({ "node_modules/a/node_modules/@b/c": plain })).toEqual([
    expect.stringMatching(/^@b\/c does not come over https/),
  ]);
});

test("an install script is allowed or refused by name, and never just there", () => {
  const scripted = { "node_modules/a": { ...GOOD, hasInstallScript: true } };
  expect(problemsOf(scripted)).toEqual([expect.stringMatching(/^a has an install script/)]);
  expect(problemsOf(scripted, { a: true })).toEqual([]);
  expect(problemsOf(scripted, { a: false })).toEqual([]);
});
