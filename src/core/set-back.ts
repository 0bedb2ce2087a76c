import { formatInstant } from "./instant.ts";

/** What a shard has lost with a Postgres that was set back in time. Instants in epoch milliseconds. */
export interface SetBackLoss {
  /** Postgres contains every operation up to this position, and contained them up to that one. */
  readonly containedUpTo: number;
  readonly flushedUpTo: number;
  /** Operations in between that the shard's journal does not hold any more; some players' rows may have some of them. */
  readonly lostAtMost: number;
  /** Between which instants they arrived; null when the shard does not know it any more. */
  readonly lostFrom: number | null;
  readonly lostTo: number | null;
}

/** The loss in a sentence, for operators. */
export function describeLoss({ containedUpTo, flushedUpTo, ...loss }: SetBackLoss): string {
  const from = formatInstant(loss.lostFrom) ?? "an instant that is not known any more";
  const to = formatInstant(loss.lostTo) ?? "now";
  return (
    `Postgres was set back in time: it contains this shard's operations up to ${containedUpTo}, and had contained them up to ${flushedUpTo}. ` +
    `At most ${loss.lostAtMost} operations are lost, which arrived between ${from} and ${to}.`
  );
}

/** What a resume did, or would do. */
export interface ResumeReport extends SetBackLoss {
  readonly shard: string;
  /** False for a dry run. */
  readonly isResumed: boolean;
  /** Ids of lost operations that are still in the dedup window: with the resume they leave it, and can be sent again. */
  readonly resendableIds: number;
}
