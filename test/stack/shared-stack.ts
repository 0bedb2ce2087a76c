import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { TestProject } from "vitest/node";

import { startContractStack, type StackAccess } from "./contract-stack.ts";

declare module "vitest" {
  export interface ProvidedContext {
    stackAccess: StackAccess;
  }
}

/** The vitest globalSetup: one stack for all tests that do not break it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), "gauntlet-contract-"));
  // Where root has to run Postgres as somebody else, that user must get through.
  chmodSync(folder, 0o711);
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const { access, stack } = await startContractStack(folder);
    project.provide("stackAccess", access);
    return async () => {
      await stack.stop();
      remove();
    };
  } catch (error) {
    remove();
    throw error;
  }
}
