import { SharedArray } from "k6/data";

/** What a run is told in a file: its players' tokens, and whom it talks to. */
export interface RunFile {
  /** Without a slash at the end; with the base path, if there is one. */
  readonly baseUrl: string;
  /** Begins user ids and event ids, so that runs against one database do not meet. */
  readonly runId: string;
  /** Keys with the scope `events:write`, used in turn: the rate limit of a key is 50,000 requests in 10 seconds. */
  readonly serverKeys: readonly string[];
}

const runFile: RunFile = JSON.parse(open(environment("RUN_FILE")));

/** As RUN_FILE says. */
export const run = runFile;

/** A token of each player, in order: TOKENS_FILE is a JSON array. Kept once for all virtual users. */
export const tokens = new SharedArray<string>("tokens", () =>
  JSON.parse(open(environment("TOKENS_FILE"))),
);

/** The lengths of the phases: SCALE multiplies them, FULL=true takes the published ones. */
export const lengths = {
  scale: Number(__ENV["SCALE"] ?? "1"),
  isFull: __ENV["FULL"] === "true",
};

/** Which part of the scenario to run, as `segmentsOf` cuts it: SEGMENT, the first when absent. */
export const segmentIndex = Number(__ENV["SEGMENT"] ?? "0");

/** Where the summary goes: SUMMARY_FILE. */
export const summaryFile = __ENV["SUMMARY_FILE"] ?? "summary.json";

function environment(name: string): string {
  const value = __ENV[name];
  if (value !== undefined) return value;
  throw new Error(
    `${name} is not set. \`npm run loadtest -- <scenario>\` writes the files and sets it.`,
  );
}
