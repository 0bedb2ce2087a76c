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
  if (letter === null) throw noSuchLetter();
  if (letter.state !== "open") throw settledAlready(letter.state);
  return letter;
}

/** How a letter stands that another operator may have settled meanwhile. Throws FailureError NOT_FOUND when it is gone. */
export async function letterState(
  { deadLetters }: Pick<Services, "deadLetters">,
  id: number,
): Promise<DeadLetter["state"]> {
  const letter = await deadLetters.find(id);
  if (letter === null) throw noSuchLetter();
  return letter.state;
}

/** The letter was settled, by this call's forerunner or another operator. */
export function settledAlready(state: string): FailureError {
  const detail = `The dead letter was ${state} already.`;
  return new FailureError({ code: "CONFLICT", detail, extra: { state } });
}

function noSuchLetter(): FailureError {
  return new FailureError({ code: "NOT_FOUND", detail: "There is no such dead letter." });
}
