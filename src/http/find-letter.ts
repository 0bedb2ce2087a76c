import type { DeadLetter } from "../core/dead-letters.ts";
import { FailureError } from "../core/errors.ts";
import type { Services } from "./services.ts";

/** Ids that a sequence of Postgres gives, as far as a double holds them. */
const LETTER_ID = /^[1-9]\d{0,14}$/;

/** The open letter that a path names. Throws FailureError NOT_FOUND when there is none, CONFLICT when it is settled. */
export async function findOpenLetter(
  { deadLetters }: Pick<Services, "deadLetters">,
  param: (name: string) => string,
): Promise<DeadLetter> {
  const id = param("letterId");
  const letter = LETTER_ID.test(id) ? await deadLetters.find(Number(id)) : null;
  if (letter === null) {
    throw new FailureError({ code: "NOT_FOUND", detail: "There is no such dead letter." });
  }
  if (letter.state !== "open") throw settledAlready(letter.state);
  return letter;
}

/** The letter was settled, by this call's forerunner or another operator. */
export function settledAlready(state: string): FailureError {
  const detail = `The dead letter was ${state} already.`;
  return new FailureError({ code: "CONFLICT", detail, extra: { state } });
}
