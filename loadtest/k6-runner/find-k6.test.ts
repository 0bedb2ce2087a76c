import { delimiter, join } from "node:path";

import { expect, test } from "vitest";

import { findK6 } from "./find-k6.ts";

function found(
  executable: readonly string[],
  environment: Record<string, string | undefined> = {},
): string {
  const isExecutable = (file: string) => executable.includes(file);
  return findK6({ environment, home: "/home/me", isExecutable });
}

test("k6 on PATH comes before the one in Go's folders", () => {
  const environment = { PATH: ["/bin", "/opt/bin"].join(delimiter), GOBIN: "/gobin" };
  const both = [join("/gobin", "k6"), join("/opt/bin", "k6")];
  expect(found(both, environment)).toBe(join("/opt/bin", "k6"));
  expect(found(both.slice(0, 1), environment)).toBe(join("/gobin", "k6"));
});

test("every folder of GOPATH has a bin, and without GOPATH it is in the home", () => {
  const GOPATH = ["/a", "/b"].join(delimiter);
  expect(found([join("/b", "bin", "k6")], { GOPATH })).toBe(join("/b", "bin", "k6"));
  const inHome = join("/home/me", "go", "bin", "k6");
  expect(found([inHome])).toBe(inHome);
});

test("without k6 it is said where it was looked for, and what to do", () => {
  expect(() => found([], { GOBIN: "/gobin" })).toThrow(/\/gobin[^]*AGPL[^]*our own generator/);
});
