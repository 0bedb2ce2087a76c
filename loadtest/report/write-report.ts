import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import type { IsolateProfile } from "../profile/profiler.ts";
import { htmlOf } from "./html.ts";
import { markdownOf } from "./markdown.ts";
import type { Report } from "./report.ts";

const RESULTS = fileURLToPath(new URL("../results", import.meta.url));

/** Writes the report's files, and the profiles for a browser's developer tools; prints the Markdown. */
export function writeReport(
  report: Report,
  name: string,
  profiles: readonly IsolateProfile[],
): void {
  mkdirSync(RESULTS, { recursive: true });
  const file = join(RESULTS, name);
  writeFileSync(`${file}.md`, markdownOf(report));
  writeFileSync(`${file}.html`, htmlOf(report));
  for (const { isolate, profile } of profiles) {
    const suffix = isolate.replaceAll(/[^a-z]+/g, "-");
    writeFileSync(`${file}.${suffix}.cpuprofile`, JSON.stringify(profile));
  }
  console.log(markdownOf(report));
  console.error(`The report is in ${file}.md and ${file}.html.`);
}
