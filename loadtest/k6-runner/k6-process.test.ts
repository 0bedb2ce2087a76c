import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { temporaryFolder } from "../../dev/testing/temporary-folder.ts";
import { k6Version, runK6Script } from "./k6-process.ts";

/** A program that takes k6's arguments and does as it is told; k6 itself is not run by tests. */
function standIn(folder: string, body: string): string {
  const file = join(folder, "stand-in.cjs");
  const prelude = `
    const { writeFileSync } = require("node:fs");
    const told = Object.fromEntries(process.argv.flatMap((each, at, all) =>
      all[at - 1] === "-e" ? [each.split("=")] : []));
    const log = process.argv.find((each) => each.startsWith("--log-output=file="))?.slice(18);
    const script = process.argv.at(-1);`;
  writeFileSync(file, `#!${process.execPath}\n${prelude}\n${body}`);
  chmodSync(file, 0o755);
  return file;
}

function run(body: string) {
  const folder = temporaryFolder();
  const environment = { SCALE: "0.1" };
  const { signal } = new AbortController();
  return runK6Script({
    binary: standIn(folder, body),
    script: "combined",
    environment,
    folder,
    signal,
  });
}

test("the script is told its settings; a crossed threshold is no failure of the run", async () => {
  const { summary, log } = await run(`
    const isRight = told.SCALE === "0.1" && /k6.combined\\.ts$/.test(script);
    const metrics = { iterations: { values: { count: isRight ? 7 : 0 } } };
    writeFileSync(told.SUMMARY_FILE, JSON.stringify({ metrics }));
    const msg = JSON.stringify({ is: "started", atMs: 5 });
    writeFileSync(log, JSON.stringify({ msg, level: "error", source: "console" }));
    process.exit(99);`);
  expect(summary.count("iterations")).toBe(7);
  expect(log.lines).toEqual([{ is: "started", atMs: 5 }]);
});

test("a run that k6 gave up fails with what k6 said, on the terminal and in its log", async () => {
  const failing = run(`
    writeFileSync(log, "SyntaxError in line 5");
    process.stderr.write("cannot start. ");
    process.exitCode = 107;`);
  await expect(failing).rejects.toThrow(/107: cannot start\. SyntaxError in line 5/);
});

test("the version is short enough for a report", () => {
  const folder = temporaryFolder();
  const file = join(folder, "k6.cjs");
  const said = "k6 v1.8.1 (commit/abc, go1.26, linux/amd64)";
  writeFileSync(file, `#!${process.execPath}\nconsole.log(${JSON.stringify(said)})`);
  chmodSync(file, 0o755);
  expect(k6Version(file)).toBe("k6 v1.8.1");
});

test("a file that refuses to run is named, with what it said", () => {
  const refusing = standIn(temporaryFolder(), `console.error("not here"); process.exit(97);`);
  expect(() => k6Version(refusing)).toThrow(/stand-in\.cjs does not run: .*not here/);
  expect(() => k6Version(join(temporaryFolder(), "k6"))).toThrow("ENOENT");
});
