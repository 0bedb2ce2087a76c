import type { SqlRequest, SqlStatement } from "../neon-endpoint-request.ts";
import type { FaultPlan } from "./fault-plan.ts";
import { statementKind } from "./statement-kind.ts";

/**
 * The request with its flush weakened, for controls: whoever looks for lost and doubled events must find some then.
 *
 * Here and not in the product, which has no such switch. Throws when a flush has not the form that is known.
 */
export function weaken(request: SqlRequest, weakening: FaultPlan["weaken"]): SqlRequest {
  if (weakening === null) return request;
  const statements = request.statements.map((statement) => weakenFlush(statement, weakening));
  return { ...request, statements };
}

function weakenFlush(
  statement: SqlStatement,
  weakening: NonNullable<FaultPlan["weaken"]>,
): SqlStatement {
  if (statementKind(statement.query) !== "flush") return statement;
  const query = CHANGES[weakening].reduce((text, [guard, change]) => {
    if (!guard.test(text)) throw new Error(`A flush without ${guard} cannot be weakened.`);
    return text.replace(guard, change);
  }, statement.query);
  return { ...statement, query };
}

const CHANGES: Readonly<
  Record<NonNullable<FaultPlan["weaken"]>, readonly (readonly [RegExp, string])[]>
> = {
  /** Rows are written whatever the fence says. The fence itself does not go back: shards would notice that. */
  "no-fence": [
    [
      /SET flush = \$3, upto = \$5, high = \$6/,
      "SET flush = greatest(flush, $3), upto = greatest(upto, $5), high = greatest(high, $6)",
    ],
    [/AND epoch = \$2 AND flush = \$4/, "AND $2::int8 IS NOT NULL AND $4::int8 IS NOT NULL"],
  ],
  /** Rows do not say which operations they contain: a restarted shard applies some of them again. */
  "no-applied": [[/\br\.applied\b/, "0 * r.applied"]],
  /** The fence moves to the last position in use, over operations that are parked or were left out. */
  "cut-at-last": [[/upto = \$5/, "upto = greatest(upto, $5, $6)"]],
};
