import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { endpointCosts } from "./endpoint-costs.ts";
import type { Cost } from "./measure-cost.ts";
import { platformCosts } from "./platform-costs.ts";

// What a request costs workerd in CPU: the platform's parts by themselves, then the product's endpoints.
const folder = mkdtempSync(join(tmpdir(), "gauntlet-costs-"));
try {
  print("A bare Worker that does one thing", await platformCosts(join(folder, "platform")));
  print("The production bundle", await endpointCosts(join(folder, "state")));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function print(title: string, costs: readonly Cost[]): void {
  console.log(`${title.padEnd(34)}  CPU ms/request  requests/s  failed`);
  for (const { name, cpuMs, perSecond, failed } of costs) {
    const figures = [cpuMs.toFixed(3).padStart(14), perSecond.toFixed(0).padStart(10)];
    console.log(name.padEnd(34), ...figures, String(failed).padStart(7));
  }
}
