/** Something that is true of every row that the shards wrote; what breaks it is found by one query. */
export interface Invariant {
  /** Stands in front of each finding. */
  readonly name: string;
  /** A sentence: why it must hold, or what it would mean if it did not. */
  readonly why: string;
  /**
   * Selects `place` and `found`, both text, of every violation.
   *
   * It reads `goal_row` and `ledger_line`, which are user_goal_progress and reward_grant as far as they were asked for, and
   * `steady_mode`, the goals that had one progress mode in every catalog.
   */
  readonly query: string;
}

/** An invariant of single rows of user_goal_progress, `p`; `breach` is true of the rows that break it. */
export function rowInvariant(
  name: string,
  why: string,
  { breach, shown }: { readonly breach: string; readonly shown: readonly string[] },
): Invariant {
  const query = `SELECT ${placeOf("p")} AS place, ${facts("p", shown)} AS found FROM goal_row p WHERE ${breach}`;
  return { name, why, query };
}

/** The same of reward_grant, `g`. */
export function ledgerInvariant(
  name: string,
  why: string,
  { breach, shown }: { readonly breach: string; readonly shown: readonly string[] },
): Invariant {
  const columns = ["grant_id", "state", ...shown];
  const query = `SELECT ${placeOf("g")} AS place, ${facts("g", columns)} AS found FROM ledger_line g WHERE ${breach}`;
  return { name, why, query };
}

/** Whose row it is. Ids are quoted: they may hold spaces, and anything else that would break a line. */
export function placeOf(alias: string): string {
  const [user, goal] = [`to_json(${alias}.user_id)`, `to_json(${alias}.goal_id)`];
  return `format('%s player %s goal %s', ${alias}.namespace, ${user}, ${goal})`;
}

/** `status=claimed, claimed_at=null` for the named columns. */
export function facts(alias: string, columns: readonly string[]): string {
  const each = columns.map(
    (column) => `'${column}=' || coalesce(${alias}.${column}::text, 'null')`,
  );
  return `concat_ws(', ', ${each.join(", ")})`;
}

/**
 * SQL: an instant as periods are named, `2026-03-09T00:00:00.000Z`.
 *
 * Periods are compared as texts, which sort by time: to read a broken one as an instant would end the audit.
 */
export function periodName(instant: string): string {
  return `to_char((${instant}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') COLLATE "C"`;
}
