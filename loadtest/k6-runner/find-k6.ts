import { accessSync, constants } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

import { StackProblem } from "../../dev/stack-problem.ts";

/** Where a program is looked for; taken from the process unless a test says otherwise. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly isExecutable: (file: string) => boolean;
}

const OURS: Surroundings = { environment: process.env, home: homedir(), isExecutable };

/** The file of k6: from PATH, or where Go puts what it installs. Throws StackProblem that says where it looked. */
export function findK6({ environment, home, isExecutable }: Surroundings = OURS): string {
  const listed = (name: string) => (environment[name] ?? "").split(delimiter).filter(Boolean);
  const goFolders = [
    ...listed("GOBIN"),
    ...listed("GOPATH").map((folder) => join(folder, "bin")),
    join(home, "go", "bin"),
  ];
  const files = [...listed("PATH"), ...goFolders].flatMap((folder) =>
    ["k6", "k6.exe"].map((name) => join(folder, name)),
  );
  const found = files.find(isExecutable);
  if (found !== undefined) return found;
  throw new StackProblem(
    `k6 is neither on PATH nor in ${goFolders.join(", ")}. Its documentation says how to install it; it is under the AGPL, so see that you may. Without --generator k6 the load comes from our own generator, which needs nothing.`,
  );
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
