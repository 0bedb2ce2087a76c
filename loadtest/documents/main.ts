import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { findFreePort } from "../../dev/ports.ts";
import { startStack, type Stack } from "../../dev/stack.ts";
import { runClosedLoop, type LoopResult } from "../closed-loop.ts";
import { buildVariant, VARIANTS, type Variant } from "./variants.ts";

/** Rounds of each variant, in turn: on a machine that others use too, medians of pairs tell more than one long run. */
const ROUNDS = 5;
const ROUND_MS = 4_000;
const CONNECTIONS = 16;
/** A player may ask 100 times in 10 seconds. */
const PLAYERS = 2_000;

// Asks for GET /v1/challenges of a large catalog: the product's spliced documents beside a version that encodes each one with
// JSON.stringify, both as production bundles. Needs the catalog: CATALOG=<file>.
const catalogFile = process.env["CATALOG"];
if (catalogFile === undefined || !existsSync(catalogFile)) {
  console.error("Name a catalog file to measure with: CATALOG=<file> npm run bench:documents");
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), "gauntlet-documents-"));
const stacks = new Map<Variant, Stack>();
try {
  for (const variant of VARIANTS) stacks.set(variant, await start(variant, resolve(catalogFile)));
  const results = new Map<string, LoopResult[]>();
  const tokens = await playerTokens();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [variant, stack] of stacks) {
      for (const query of ["", "?active_only=true"]) {
        if (variant === "plain" && query !== "") continue;
        const result = await measure(stack, tokens.get(variant) ?? [], query);
        const name = `${variant}${query}`;
        results.set(name, [...(results.get(name) ?? []), result]);
        console.error(`round ${round + 1}: ${name} ${Math.round(result.perSecond)}/s`);
      }
    }
  }
  report(results);
} finally {
  for (const stack of stacks.values()) await stack.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function start(variant: Variant, catalog: string): Promise<Stack> {
  return startStack({
    port: await findFreePort(),
    stateDir: join(folder, `state-${variant}`),
    catalogFile: catalog,
    projectFolder: buildVariant(variant, join(folder, variant)),
    log: (line) => console.error(`${variant}: ${line}`),
  });
}

async function playerTokens(): Promise<Map<Variant, string[]>> {
  const tokens = new Map<Variant, string[]>();
  for (const [variant, stack] of stacks) {
    const players = Array.from({ length: PLAYERS }, (_, index) =>
      stack.playerToken(`reader-${index}`),
    );
    tokens.set(variant, await Promise.all(players));
  }
  return tokens;
}

function measure(stack: Stack, tokens: readonly string[], query: string): Promise<LoopResult> {
  return runClosedLoop({
    connections: CONNECTIONS,
    milliseconds: ROUND_MS,
    request: (count) => ({
      url: `${stack.url}/v1/challenges${query}`,
      headers: { Authorization: `Bearer ${tokens[count % tokens.length]}` },
    }),
  });
}

function report(results: ReadonlyMap<string, readonly LoopResult[]>): void {
  console.log("variant                 documents/s   p50 ms   p95 ms   bytes/document   failed");
  for (const [name, rounds] of results) {
    const of = (figure: (result: LoopResult) => number) => median(rounds.map(figure));
    const documents = rounds.reduce((sum, round) => sum + round.perSecond * (ROUND_MS / 1000), 0);
    const bytes = rounds.reduce((sum, round) => sum + round.bytes, 0) / documents;
    const failed = rounds.reduce((sum, round) => sum + round.failed, 0);
    const figures = [
      of((result) => result.perSecond)
        .toFixed(0)
        .padStart(11),
      of((result) => result.p50)
        .toFixed(1)
        .padStart(8),
      of((result) => result.p95)
        .toFixed(1)
        .padStart(8),
      bytes.toFixed(0).padStart(16),
      String(failed).padStart(8),
    ];
    console.log(name.padEnd(22), figures.join(" "));
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
