import * as z from "zod";

/** The query of a URL by name, the last of those that come twice. Most requests have none, and cost no parsing. */
export function queryOf(url: string): Readonly<Record<string, string>> {
  const start = url.indexOf("?");
  return start < 0 ? {} : Object.fromEntries(new URL(url).searchParams);
}

/** The route takes no query; whatever comes is ignored. */
export const noQuery = z.object({});

/** A query parameter that is `true` or `false`, and false when it is absent. */
export const queryFlag = z
  .enum(["true", "false"], "must be true or false")
  .default("false")
  .transform((text) => text === "true");
