import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { temporaryFolder } from "./testing/temporary-folder.ts";
import { readWorkerSettings } from "./worker-settings.ts";

test("the environment goes before wrangler.toml, as in wrangler", () => {
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, "wrangler.toml"),
    '[vars]\nDEFAULT_NAMESPACE = "eu"\nBASE_PATH = "/challenge"\n',
  );
  expect(readWorkerSettings({}, folder)).toEqual({
    defaultNamespace: "eu",
    basePath: "/challenge",
  });
  expect(readWorkerSettings({ BASE_PATH: "/x/", DEFAULT_NAMESPACE: "us" }, folder)).toEqual({
    defaultNamespace: "us",
    basePath: "/x",
  });
});

test("the shipped wrangler.toml has a default namespace", () => {
  expect(readWorkerSettings({}).defaultNamespace).not.toBe("");
});
