import * as z from "zod";

/** What the process of a reward receiver is started with; it travels as its one argument. */
export const RECEIVER_SETTINGS = z.strictObject({
  port: z.int(),
  /** Of the ledger. */
  file: z.string(),
  secret: z.string(),
  /** Of its faults; null: it has none. */
  seed: z.int().nullable(),
  forgetsKeys: z.boolean(),
});
export type ReceiverSettings = z.infer<typeof RECEIVER_SETTINGS>;

/** What the process writes once it listens. */
export const LISTENING = "listening";
