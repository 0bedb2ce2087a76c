import { StoreError } from "../../src/core/shard-store.ts";

/** What happens to the next statements: each is asked for its fate before it runs. */
export type Fate =
  | "ok"
  /** Refused with an SQLSTATE: nothing happened. */
  | "definite"
  /** The request never arrived; the caller cannot know. */
  | "lost-request"
  /** It committed, the answer was lost. */
  | "lost-answer"
  /** The caller gave up; the statement runs later, when `arriveLate` is called. */
  | "late";

/** Runs a statement as its fate says, and says how its answer will be. What arrives late is put with the late ones. */
export function answerByFate<T>(
  kind: string,
  fate: Fate,
  statement: () => T,
  late: (() => void)[],
): () => T {
  const fail = (reason: string, isDefinite: boolean) => (): never => {
    throw new StoreError(`${kind}: ${reason}`, isDefinite);
  };
  switch (fate) {
    case "ok":
      return outcomeOf(statement);
    case "definite":
      return fail("refused", true);
    case "lost-request":
      return fail("connection lost", false);
    case "lost-answer":
      outcomeOf(statement);
      return fail("answer lost", false);
    case "late":
      late.push(() => void outcomeOf(statement));
      return fail("timed out", false);
  }
}

/** Runs a statement now; the answer, also a refusal, is for whoever is there to hear it. */
function outcomeOf<T>(statement: () => T): () => T {
  try {
    const result = statement();
    return () => result;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return () => {
      throw error;
    };
  }
}
