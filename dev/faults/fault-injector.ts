import { setTimeout as sleep } from "node:timers/promises";

import type { SqlAnswer } from "../neon-endpoint-answer.ts";
import type { Around, CutOff } from "../neon-endpoint-around.ts";
import { concerns, decide, type Decision, type FaultKind, type FaultPlan } from "./fault-plan.ts";
import { type StatementKind, statementKind } from "./statement-kind.ts";
import { weaken } from "./weaken.ts";

/** What is counted: faults by kind, calls in an outage, calls that waited, calls altered. */
export type Injected = FaultKind | "outage" | "delay" | "weakened";

/** What an injector does, and has done. */
export interface FaultStatus {
  readonly plan: FaultPlan | null;
  /** How long the outage of the plan goes on. */
  readonly outageLeftMs: number;
  /** Calls that any plan had a say about, by what they are for. */
  readonly calls: Readonly<Partial<Record<StatementKind, number>>>;
  readonly injected: Readonly<Partial<Record<Injected, number>>>;
  /** Statements that have not run yet, or not a second time, though their callers have gone. */
  readonly waiting: number;
}

/** A caller without any time limit is not kept longer. */
const CALLER_PATIENCE_MS = 60_000;

/** SQLSTATEs of a server that would do better another time; none says that the data are at fault. */
const SERVER_ERRORS = [
  { code: "40001", message: "could not serialize access due to concurrent update" },
  { code: "53300", message: "sorry, too many clients already" },
  { code: "57014", message: "canceling statement due to statement timeout" },
] as const;

/** Stands between callers and Postgres, and treats each call as the plan says. Counts go on from plan to plan. */
export class FaultInjector {
  #plan: FaultPlan | null = null;
  #outageUntil = 0;
  #callsOfPlan = 0;
  #waiting = 0;
  readonly #calls = new Map<StatementKind, number>();
  readonly #injected = new Map<Injected, number>();
  readonly #ending = new AbortController();

  /** Follows another plan from the next call on; null: everything goes through. Statements that wait go on waiting. */
  follow(plan: FaultPlan | null): void {
    this.#plan = plan;
    this.#callsOfPlan = 0;
    this.#outageUntil = Date.now() + (plan?.outageMs ?? 0);
  }

  /** Ends all waiting for good: hanging callers are cut off, late statements and replays run now. */
  end(): void {
    this.#ending.abort();
  }

  status(): FaultStatus {
    return {
      plan: this.#plan,
      outageLeftMs: Math.max(0, this.#outageUntil - Date.now()),
      calls: Object.fromEntries(this.#calls),
      injected: Object.fromEntries(this.#injected),
      waiting: this.#waiting,
    };
  }

  readonly around: Around = async (request, run, gone) => {
    const plan = this.#plan;
    const kind = statementKind(request.statements.map(({ query }) => query).join(";"));
    if (plan === null || !concerns(plan, kind)) return run(request);
    const altered = weaken(request, plan.weaken);
    if (plan.weaken !== null && kind === "flush") countUp(this.#injected, "weakened");
    countUp(this.#calls, kind);
    const decision = decide(plan, ++this.#callsOfPlan);
    if (Date.now() < this.#outageUntil) {
      countUp(this.#injected, "outage");
      return "reset";
    }
    if (decision.delayMs > 0) {
      countUp(this.#injected, "delay");
      await this.#wait(decision.delayMs);
    }
    if (decision.fault === null) return run(altered);
    countUp(this.#injected, decision.fault);
    return this.#treat(decision.fault, decision, () => run(altered), gone);
  };

  async #treat(
    fault: FaultKind,
    { laterMs, draw }: Decision,
    run: () => Promise<SqlAnswer>,
    gone: AbortSignal,
  ): Promise<SqlAnswer | CutOff> {
    switch (fault) {
      case "unavailable":
        return answer(503, { message: "the compute is starting" });
      case "reset":
        return "reset";
      case "drop-answer":
        await run();
        return "drop";
      case "commit-then-400":
        await run();
        return answer(400, { message: "the connection was closed", code: null });
      case "hang":
        await this.#wait(CALLER_PATIENCE_MS, gone);
        return "drop";
      case "late":
        await this.#wait(CALLER_PATIENCE_MS, gone);
        await this.#later(laterMs, run);
        return "drop";
      case "replay": {
        const first = await run();
        void this.#later(laterMs, run);
        return first;
      }
      case "sql-error":
        return answer(400, SERVER_ERRORS[Math.floor(draw * SERVER_ERRORS.length)] ?? {});
    }
  }

  /** The endpoint answers failures, it does not throw them: `run` never rejects. */
  async #later(milliseconds: number, run: () => Promise<SqlAnswer>): Promise<void> {
    this.#waiting++;
    await this.#wait(milliseconds);
    await run();
    this.#waiting--;
  }

  async #wait(milliseconds: number, until?: AbortSignal): Promise<void> {
    const ending = this.#ending.signal;
    const signal = until === undefined ? ending : AbortSignal.any([ending, until]);
    await sleep(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

function countUp<Kind>(counts: Map<Kind, number>, kind: Kind): void {
  counts.set(kind, (counts.get(kind) ?? 0) + 1);
}

function answer(status: number, body: Readonly<Record<string, string | null>>): SqlAnswer {
  return { status, headers: {}, body: JSON.stringify(body) };
}
