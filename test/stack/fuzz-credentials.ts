import type { StackAccess } from "./contract-stack.ts";
import { tokenWith, forgedTokens } from "./forged-tokens.ts";

/** How many players the requests are spread over: each may send 100 in ten seconds. */
export const PLAYERS = 30;

/** The player's name among the credentials, and user id. */
export function playerName(index: number): string {
  return `${ODD_NAMES[index] ?? "player"} ${index}`;
}

/** User ids that are allowed, and make trouble where somebody joins, splits, quotes or cuts. */
const ODD_NAMES = [
  "a/b",
  '["a","b"]',
  "'; DROP TABLE",
  "%2F",
  "💥",
  "__proto__",
  "\u202e",
  "..",
  "İ",
];

/** Values of `Authorization` by name: those of good callers, and those of nobody. */
export async function fuzzCredentials(access: StackAccess): Promise<ReadonlyMap<string, string>> {
  const tokens = new Map<string, string>();
  for (let index = 0; index < PLAYERS; index++) {
    const name = playerName(index);
    tokens.set(name, await tokenWith(access, { sub: name, namespace: "fuzz" }));
  }
  for (const sub of ["", "a\0b", "x".repeat(101), "\ud800", 7, null, ["a"]]) {
    tokens.set(`sub ${JSON.stringify(sub)}`, await tokenWith(access, { sub }));
  }
  for (const namespace of ["", "NO", "no-such", "a\0b", "x".repeat(65), 7, null, undefined]) {
    tokens.set(`namespace ${namespace}`, await tokenWith(access, { namespace }));
  }
  for (const [trick, token] of Object.entries(await forgedTokens(access))) tokens.set(trick, token);
  for (const key of ["fuzz", "operator", "eventsonly", "catalogreadonly", "playersreadonly"]) {
    tokens.set(key, access.keys[key] ?? "");
  }
  const values = new Map([...tokens].map(([name, token]) => [name, `Bearer ${token}`]));
  for (const odd of ODD_VALUES) values.set(`as is ${odd.slice(0, 20)}`, odd);
  return values;
}

const ODD_VALUES = [
  "",
  "Bearer",
  "Bearer ",
  "Basic YTpi",
  "bearer a b",
  "Bearer é",
  "Bearer gk_",
  "Bearer gk_fuzz_",
  "gk_fuzz_x",
  "Bearer a, Bearer b",
  `Bearer ${"x".repeat(9_000)}`,
];
