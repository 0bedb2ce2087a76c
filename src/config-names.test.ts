import { globSync, readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { OPTIONAL_SECRETS } from "../dev/optional-secrets.ts";
import { parseConfig } from "./config.ts";

const WRANGLER = readFileSync("wrangler.toml", "utf8");

/** The names that parseConfig asks its env for, whoever hands out rewards. */
function namesRead(): Set<string> {
  const names = new Set<string>();
  for (const REWARDS of ["record", "webhook", "accelbyte"]) {
    const env = new Proxy<Record<string, string>>(
      { REWARDS },
      {
        get: (vars, name) => {
          if (typeof name === "string") names.add(name);
          return Reflect.get(vars, name);
        },
      },
    );
    parseConfig(env);
  }
  return names;
}

/** The vars and secrets that wrangler.toml names. */
function namesDeclared(): string[] {
  const vars = /^\[vars\]\n([^[]*)/m.exec(WRANGLER)?.[1] ?? "";
  const required = /^required = \[(.*)\]/m.exec(WRANGLER)?.[1] ?? "";
  const names = [...vars.matchAll(/^([A-Z_]+) = /gm), ...required.matchAll(/"([A-Z_]+)"/g)];
  return names.flatMap(([, name]) => (name === undefined ? [] : [name]));
}

test("the configuration reads the vars and secrets that are written down, and no others", () => {
  // So no switch can hide here. One that is read elsewhere is a type error: Env has only what wrangler.toml names.
  const declared = [...namesDeclared(), ...OPTIONAL_SECRETS];
  expect(declared.length).toBeGreaterThan(20);
  expect([...namesRead()].toSorted()).toEqual(declared.toSorted());
});

test("the vars of wrangler.toml are fit for production", () => {
  const valueOf = (name: string) => new RegExp(`^${name} = "(.*)"`, "m").exec(WRANGLER)?.[1];
  expect(valueOf("WEBHOOK_ALLOW_PRIVATE")).toBe("false");
  expect(valueOf("CORS_ORIGINS")).toBe("");
  expect(valueOf("DATABASE_HTTP_ENDPOINT")).toBe("");
});

test("of a request's headers only those are read that the API describes: none names a user", () => {
  const files = globSync("src/**/*.ts").filter((file) => !file.endsWith(".test.ts"));
  const names = files.flatMap((file) => {
    const reads = readFileSync(file, "utf8").matchAll(/headers\.(?:get|has)\("([^"]+)"\)/g);
    return [...reads].flatMap(([, name]) => (name === undefined ? [] : [name]));
  });
  expect([...new Set(names)].toSorted()).toEqual(HEADERS.toSorted());
});

/** A new one belongs here only if it cannot make anybody somebody else. */
const HEADERS = [
  "Access-Control-Request-Method",
  "Authorization",
  "CF-Connecting-IP",
  "Cache-Control",
  "Content-Encoding",
  "Content-Length",
  "Content-Type",
  "Idempotency-Key",
  "If-Match",
  "If-None-Match",
  "Origin",
  "X-Request-Id",
];
