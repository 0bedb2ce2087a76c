import { statementKind, type StatementKind } from "../../dev/faults/statement-kind.ts";
import type { Around } from "../../dev/neon-endpoint-around.ts";
import { startNeonEndpoint, type NeonEndpoint } from "../../dev/neon-endpoint.ts";
import { entryOf } from "../measure/entry-of.ts";
import { Histogram } from "../measure/histogram.ts";
import type { EndpointReply, EndpointRequest } from "./endpoint-messages.ts";

// The Neon endpoint in a process of its own, so that its CPU can be told from that of the rest. It counts the statements.
const durations = new Map<StatementKind, Histogram>();
let endpoint: NeonEndpoint | undefined;

const counting: Around = async (request, run) => {
  const startedAt = performance.now();
  const answer = await run();
  const kind = statementKind(request.statements[0]?.query ?? "");
  entryOf(durations, kind, () => new Histogram()).add(performance.now() - startedAt);
  return answer;
};

process.on("message", (request: EndpointRequest) => void answer(request).then(reply, refuse));
process.once("SIGTERM", () => void stop());
// Without its parent nobody would stop it.
process.once("disconnect", () => void stop());

async function answer(request: EndpointRequest): Promise<EndpointReply> {
  if (request.ask === "statistics") {
    const statements = [...durations].map(([kind, each]) => ({ kind, duration: each.data() }));
    return { is: "statistics", statements };
  }
  const { serverUrl, port } = request;
  endpoint = await startNeonEndpoint({ serverUrl, port, around: counting });
  return { is: "started", url: endpoint.url, controlUrl: endpoint.controlUrl, port: endpoint.port };
}

function reply(message: EndpointReply): void {
  process.send?.(message);
}

function refuse(error: unknown): void {
  reply({ is: "failed", reason: error instanceof Error ? error.message : String(error) });
}

async function stop(): Promise<void> {
  await endpoint?.stop();
  process.exit(0);
}
