import { signTokens } from "../fixtures/tokens.ts";
import { HttpPool } from "../generator/http-pool.ts";
import { startLoadStack, type LoadStack } from "../stack/load-stack.ts";
import { measureCost, type Cost } from "./measure-cost.ts";

const CONNECTIONS_MAX = 64;
/** As few as load tests have; see arguments.ts. */
const SHARDS = 1;
/** A player may ask 100 times in 10 seconds. */
const PLAYERS = 4_000;

interface Endpoint {
  readonly name: string;
  readonly expectedStatus: number;
  readonly request: (count: number) => string;
}

/** What the endpoints cost in the production bundle, cheap things first. */
export async function endpointCosts(folder: string): Promise<Cost[]> {
  const load = await startLoadStack({ folder, shards: SHARDS, isProfiled: false, log: () => {} });
  const pool = new HttpPool(load.host, load.port, CONNECTIONS_MAX);
  try {
    const costs: Cost[] = [];
    for (const endpoint of endpointsOf(load)) costs.push(await measureCost({ ...endpoint, pool }));
    return costs;
  } finally {
    pool.close();
    await load.stop();
  }
}

function endpointsOf(load: LoadStack): Endpoint[] {
  const userIds = Array.from({ length: PLAYERS }, (_, index) => `player-${index}`);
  const tokens = signTokens(load.tokens, userIds, Date.now());
  const tokenOf = (count: number) => tokens[count % PLAYERS] ?? "";
  const get = (path: string) => (count: number) => text("GET", path, tokenOf(count), null);
  const post = (body: (count: number) => string) => (count: number) =>
    text("POST", "/v1/events", load.serverKeys[count % load.serverKeys.length] ?? "", body(count));
  const event = (statCode: string) => (count: number, index: number) =>
    `{"id":"${statCode}-${count}-${index}","userId":"player-${(count * 37 + index) % PLAYERS}","type":"statistic","inc":1,"statCode":"${statCode}"}`;
  const batch =
    (size: number, stat = "kills") =>
    (count: number) =>
      `{"events":[${Array.from({ length: size }, (_, index) => event(stat)(count, index)).join(",")}]}`;
  const initialize = (count: number) =>
    text("POST", "/v1/challenges/initialize", tokenOf(count), "");
  return [
    { name: "unknown path, 404", expectedStatus: 404, request: get("/nothing") },
    {
      name: "no credentials, 401",
      expectedStatus: 401,
      request: () => text("GET", "/v1/progress", "", null),
    },
    { name: "initialise", expectedStatus: 200, request: initialize },
    { name: "progress", expectedStatus: 200, request: get("/v1/progress") },
    { name: "challenges, full", expectedStatus: 200, request: get("/v1/challenges") },
    {
      name: "challenges, active only",
      expectedStatus: 200,
      request: get("/v1/challenges?active_only=true"),
    },
    {
      name: "event that no goal uses",
      expectedStatus: 202,
      request: post((count) => event("unused")(count, 0)),
    },
    { name: "event", expectedStatus: 202, request: post((count) => event("wins")(count, 0)) },
    { name: "events, 20 at once", expectedStatus: 202, request: post(batch(20)) },
    { name: "events, 100 at once", expectedStatus: 202, request: post(batch(100)) },
    { name: "events, 500 at once", expectedStatus: 202, request: post(batch(500)) },
    {
      name: "500 that no goal uses",
      expectedStatus: 202,
      request: post(batch(500, "unused")),
    },
  ];
}

function text(method: string, path: string, credential: string, body: string | null): string {
  const head = `${method} ${path} HTTP/1.1\r\nHost: local\r\nAuthorization: Bearer ${credential}\r\n`;
  if (body === null) return `${head}\r\n`;
  const length = Buffer.byteLength(body);
  return `${head}Content-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${body}`;
}
