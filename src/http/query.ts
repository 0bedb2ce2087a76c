import * as z from "zod";

/** The route takes no query; whatever comes is ignored. */
export const noQuery = z.object({});

/** A query parameter that is `true` or `false`, and false when it is absent. */
export const queryFlag = z
  .enum(["true", "false"], "must be true or false")
  .default("false")
  .transform((text) => text === "true");
