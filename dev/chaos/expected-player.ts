import { CHAOS_GOALS, type ChaosGoal, type ChaosStat } from "./goals.ts";

/** An event as POST /v1/events takes it, without its player. */
export interface ChaosEvent {
  readonly id: string;
  readonly stat: ChaosStat;
  readonly latestValue?: number;
  readonly inc?: number;
}

/** What a goal of a player must be. */
export interface ExpectedGoal {
  readonly isActive: boolean;
  readonly status: "not_started" | "in_progress" | "completed" | "claimed";
  readonly progress: number;
  readonly eventCount: number;
  readonly raw: number;
  readonly baseline: number | null;
}

/**
 * What a player must be after everything that was acknowledged; the rules said once more, for these goals only.
 *
 * Apart from the product's reducer on purpose: a mistake there must not hide itself. Asked and changed by one caller.
 */
export class ExpectedPlayer {
  readonly #goals: Map<string, ExpectedGoal>;
  readonly #acknowledged = new Set<string>();
  readonly #byStat = new Map<ChaosStat, number>();

  constructor() {
    this.#goals = new Map(
      CHAOS_GOALS.map(({ goalId, isDefault }) => [goalId, { ...UNTOUCHED, isActive: isDefault }]),
    );
  }

  /** By goal id. */
  get goals(): ReadonlyMap<string, ExpectedGoal> {
    return this.#goals;
  }

  /** Distinct events by stat. */
  get events(): ReadonlyMap<ChaosStat, number> {
    return this.#byStat;
  }

  has(eventId: string): boolean {
    return this.#acknowledged.has(eventId);
  }

  /** The event was acknowledged; once more is nothing. */
  event(event: ChaosEvent): void {
    if (this.#acknowledged.has(event.id)) return;
    this.#acknowledged.add(event.id);
    this.#byStat.set(event.stat, (this.#byStat.get(event.stat) ?? 0) + 1);
    for (const goal of CHAOS_GOALS) {
      if (goal.stat === event.stat) this.#change(goal.goalId, (row) => advance(goal, row, event));
    }
  }

  switchTo(goalId: string, isActive: boolean): void {
    this.#change(goalId, (goal) => ({ ...goal, isActive }));
  }

  claimed(goalId: string): void {
    this.#change(goalId, (goal) => ({ ...goal, status: "claimed" }));
  }

  /** Active goals that are completed and not claimed. */
  get claimable(): string[] {
    return [...this.#goals]
      .filter(([, { isActive, status }]) => isActive && status === "completed")
      .map(([goalId]) => goalId);
  }

  #change(goalId: string, change: (goal: ExpectedGoal) => ExpectedGoal): void {
    const goal = this.#goals.get(goalId);
    if (goal !== undefined) this.#goals.set(goalId, change(goal));
  }
}

const UNTOUCHED = {
  status: "not_started",
  progress: 0,
  eventCount: 0,
  raw: 0,
  baseline: null,
} as const;

function advance(goal: ChaosGoal, row: ExpectedGoal, event: ChaosEvent): ExpectedGoal {
  if (!row.isActive) return row;
  const counted = { ...row, eventCount: row.eventCount + 1 };
  if (row.status === "claimed") return counted;
  const raw = event.latestValue ?? row.raw + (event.inc ?? 0);
  const baseline = row.baseline ?? raw - (event.inc ?? 0);
  const progress = { count: row.progress + 1, absolute: raw, relative: raw - baseline }[goal.mode];
  const isDone = row.status === "completed" || progress >= goal.target;
  return { ...counted, raw, baseline, progress, status: isDone ? "completed" : "in_progress" };
}
