import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

import { auditVerdict } from "./audit-verdict.ts";
import { lockProblems } from "./lock-problems.ts";

/** Exit codes: something is wrong, or nobody can tell. In no case is silence taken for a good answer. */
const FOUND = 1;
const NOT_ASKED = 2;
/** npm tries again by itself before it gives up. */
const AUDIT_TIMEOUT_MS = 120_000;

// Checks what is deployed for known weaknesses, and the lock file for what does not belong into one.
const problems = lockProblems(
  readFileSync("package-lock.json", "utf8"),
  readFileSync("package.json", "utf8"),
);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = FOUND;
else console.log("The lock file is in order: every package has its hash, every script is named.");

const { stdout } = spawnSync("npm", ["audit", "--omit=dev", "--json"], {
  encoding: "utf8",
  timeout: AUDIT_TIMEOUT_MS,
  stdio: ["ignore", "pipe", "ignore"],
});
const verdict = auditVerdict(stdout);
switch (verdict.kind) {
  case "clean":
    console.log("The registry knows of nothing high or critical in what is deployed.");
    break;
  case "vulnerable":
    for (const finding of verdict.findings) console.error(finding);
    process.exitCode = FOUND;
    break;
  case "unknown":
    console.error(
      `Known weaknesses were NOT checked: the registry did not answer (${verdict.reason}). Ask again where it does.`,
    );
    process.exitCode ??= NOT_ASKED;
}
