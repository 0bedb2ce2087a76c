import * as z from "zod";

import type { LogLine } from "../k6/log-lines.ts";

const ENTRY = z.object({ msg: z.string(), level: z.string(), source: z.string().optional() });

const LINE = z.discriminatedUnion("is", [
  z.object({ is: z.literal("started"), atMs: z.number() }),
  z.object({
    is: z.literal("problem"),
    phaseIndex: z.number(),
    endpoint: z.string(),
    problem: z.string(),
  }),
  z.object({ is: z.literal("unacknowledged"), ids: z.array(z.string()) }),
  z.object({
    is: z.literal("unclaimed"),
    player: z.number(),
    stat: z.number(),
    isOpen: z.boolean(),
  }),
  z.object({ is: z.literal("unswitched"), player: z.number(), goal: z.number() }),
]) satisfies z.ZodType<LogLine>;

/** What the virtual users wrote, and what k6 itself had to say. */
export interface K6Log {
  readonly lines: readonly LogLine[];
  /** Warnings and errors of k6, and exceptions of the scripts. */
  readonly complaints: readonly string[];
}

/** Reads the log of `--log-format json`. A line that is not of that form is a complaint too, so that nothing goes unseen. */
export function readLog(text: string): K6Log {
  const lines: LogLine[] = [];
  const complaints: string[] = [];
  for (const row of text.split("\n").filter((row) => row.trim() !== "")) {
    const entry = ENTRY.safeParse(parsed(row));
    const line = entry.success ? LINE.safeParse(parsed(entry.data.msg)) : null;
    if (line?.success === true) lines.push(line.data);
    else if (!entry.success) complaints.push(row);
    else if (entry.data.level !== "info" && entry.data.level !== "debug") {
      complaints.push(entry.data.msg);
    }
  }
  return { lines, complaints };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
