import { describe, expect, test } from "vitest";

import {
  parseDevArguments,
  parseKeyArguments,
  parseTokenArguments,
  readPort,
} from "./command-line.ts";

const SCOPES = ["events:write", "players:read"];

describe("PORT", () => {
  test("is 8787 unless it is set", () => {
    expect(readPort(undefined)).toBe(8787);
    expect(readPort("")).toBe(8787);
    expect(readPort("9000")).toBe(9000);
  });

  test.for(["0", "65536", "80.5", "http", "-1"])("refuses %s and names what fits", (text) => {
    expect(() => readPort(text)).toThrow(`PORT is "${text}"`);
  });
});

test("dev takes --reset and --clock-offset, and nothing else", () => {
  expect(parseDevArguments([])).toEqual({ reset: false, clockOffsetMs: null });
  expect(parseDevArguments(["--reset"])).toEqual({ reset: true, clockOffsetMs: null });
  const day = 86_400_000;
  const { clockOffsetMs: ahead } = parseDevArguments(["--clock-offset", "1d"]);
  const { clockOffsetMs: behind } = parseDevArguments(["--clock-offset=-1d"]);
  expect([ahead, behind]).toEqual([day, -day]);
  expect(() => parseDevArguments(["--rest"])).toThrow("Usage: npm run dev");
});

describe("token", () => {
  test("prints one player's token, the server key or the operator's", () => {
    expect(parseTokenArguments(["--user", "u1"])).toEqual({
      kind: "player",
      userId: "u1",
      namespace: undefined,
    });
    expect(parseTokenArguments(["--user", "u1", "--namespace", "eu"])).toMatchObject({
      namespace: "eu",
    });
    expect(parseTokenArguments(["--server"])).toEqual({ kind: "server" });
    expect(parseTokenArguments(["--operator"])).toEqual({ kind: "operator" });
  });

  test.for([
    [],
    ["--server", "--operator"],
    ["--user", "u1", "--server"],
    ["--user", ""],
    ["--server", "--namespace", "eu"],
    ["u1"],
  ])("refuses %j and says how it goes", (options) => {
    expect(() => parseTokenArguments(options)).toThrow("Usage: npm run -s token");
  });
});

describe("key", () => {
  test("takes scopes with commas, with blanks and one by one, each once", () => {
    const wanted = { namespace: "eu", scopes: SCOPES, id: undefined };
    for (const options of [
      ["--scopes", "events:write,players:read"],
      ["--scopes", "events:write", "players:read"],
      ["--scopes", "events:write", "--scopes", "players:read,events:write"],
    ]) {
      expect(parseKeyArguments(["--namespace", "eu", ...options], SCOPES)).toEqual(wanted);
    }
  });

  test("gives an operator's key no namespace and one scope", () => {
    expect(parseKeyArguments(["--operator", "--id", "ops1"], SCOPES)).toEqual({
      namespace: null,
      scopes: ["operator"],
      id: "ops1",
    });
  });

  test.for([
    [["--scopes", "events:write"], "--namespace is of"],
    [["--namespace", "EU", "--scopes", "events:write"], "--namespace is of"],
    [["--namespace", "eu"], "--scopes is missing"],
    [["--namespace", "eu", "--scopes", "events:wrote"], "Unknown scope: events:wrote"],
    [["--namespace", "eu", "--scopes", "operator"], "Unknown scope: operator"],
    [["--operator", "--namespace", "eu"], "neither namespace"],
    [["--operator", "--id", "a_b"], "--id is of"],
  ] as const)("refuses %j", ([options, message]) => {
    expect(() => parseKeyArguments(options, SCOPES)).toThrow(message);
  });
});
