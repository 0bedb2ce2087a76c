/** The schedules that a grant id may be made with, as JSON: a row does not tell in which one its goal was then. */
const SCHEDULES = ["null", '"daily"', '"weekly"', '"monthly"'];

/** What a grant is for, as SQL expressions. */
export interface GrantedCompletion {
  readonly namespace: string;
  readonly userId: string;
  readonly goalId: string;
  readonly period: string;
  readonly round: string;
}

/**
 * SQL: the ids that a grant for this completion may have, an array of text.
 *
 * `grantIdOf` of the rules in Postgres' words, which write JSON of text without control characters as JSON.stringify does.
 */
export function grantIds(completion: GrantedCompletion): string {
  return `ARRAY[${SCHEDULES.map((schedule) => grantId(completion, `'${schedule}'`)).join(", ")}]`;
}

/** SQL: the id of the grant under this schedule, an expression of JSON text. */
export function grantId(completion: GrantedCompletion, schedule: string): string {
  const { namespace, userId, goalId, period, round } = completion;
  const parts = [
    json(namespace),
    json(userId),
    json(goalId),
    schedule,
    `coalesce(${json(period)}, 'null')`,
    `${round}::text`,
  ];
  const text = `'[' || ${parts.join(" || ',' || ")} || ']'`;
  return `encode(sha256(convert_to(${text}, 'UTF8')), 'hex')`;
}

function json(text: string): string {
  return `to_json(${text})::text`;
}
