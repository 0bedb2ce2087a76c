import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";

import { expect, test } from "vitest";

import { devVarsText, writeDevVars } from "./dev-vars-file.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const VARS = { DATABASE_URL: "postgres://u:p$x@127.0.0.1/db", API_KEYS: '[{"id":"local"}]' };

test("the values come back as they were", () => {
  expect(parseEnv(devVarsText(VARS))).toEqual(VARS);
  expect(() => devVarsText({ DATABASE_URL: "it's" })).toThrow("percent-encoded");
});

test("a generated file is replaced, a written one is left alone", () => {
  const path = join(temporaryFolder(), ".dev.vars");
  writeDevVars(path, VARS);
  writeDevVars(path, { ...VARS, JWT_ISSUER: "me" });
  expect(readFileSync(path, "utf8")).toContain("JWT_ISSUER='me'");
  writeFileSync(path, "DATABASE_URL=mine\n");
  expect(() => writeDevVars(path, VARS)).toThrow(`${path} is yours`);
  expect(readFileSync(path, "utf8")).toBe("DATABASE_URL=mine\n");
});
