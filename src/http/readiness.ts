import { FailureError, type Problem } from "../core/errors.ts";
import type { Clock } from "../core/ports.ts";

/** One thing that has to work; answers what is missing, in sentences. May also throw. */
export interface Dependency {
  readonly name: "kv" | "postgres" | "catalog";
  check(): Promise<readonly string[]>;
}

/** Everything that is missing, with the dependency's name as path; empty when this deployment can serve. */
export type ReadinessCheck = () => Promise<readonly Problem[]>;

/**
 * Asks all dependencies at once, each with a time limit, and keeps the answer for a few seconds: probes of many load
 * balancers must not become load. Requests that meet an expired answer each ask anew; none waits for another's I/O.
 */
export function createReadinessCheck(
  dependencies: readonly Dependency[],
  clock: Clock,
): ReadinessCheck {
  let last: { readonly problems: readonly Problem[]; readonly at: number } | null = null;
  return async () => {
    if (last !== null && clock.now() - last.at < ANSWER_KEPT_MS) return last.problems;
    const problems = (await Promise.all(dependencies.map(ask))).flat();
    last = { problems, at: clock.now() };
    return problems;
  };
}

/** As api.md says. */
const ANSWER_KEPT_MS = 5_000;
/** Shorter than the patience of usual probes (about 3 s and more). */
const CHECK_TIMEOUT_MS = 2_000;

async function ask(dependency: Dependency): Promise<Problem[]> {
  const { name } = dependency;
  const limit = timeLimit(CHECK_TIMEOUT_MS);
  try {
    const missing = await Promise.race([dependency.check(), limit.passed]);
    return missing.map((message) => ({ path: name, message }));
  } catch (error) {
    // Only a failure is written for strangers; another error may hold an address or worse.
    const message = error instanceof FailureError ? error.failure.detail : "does not answer";
    return [{ path: name, message }];
  } finally {
    limit.clear();
  }
}

function timeLimit(milliseconds: number): { passed: Promise<string[]>; clear(): void } {
  const { promise, resolve } = Promise.withResolvers<string[]>();
  const timer = setTimeout(
    () => resolve([`did not answer within ${milliseconds} ms`]),
    milliseconds,
  );
  return { passed: promise, clear: () => clearTimeout(timer) };
}
