import { type DecideContext, decide } from "../core/command.ts";
import type { Failure } from "../core/errors.ts";
import type { CommandResult, EventFacts, Operation, RulesCommand } from "../core/operation.ts";
import type { PlayerKey } from "../core/player.ts";
import { type ApplyContext, type Change, rolledDraft } from "../core/reducer.ts";
import { type GroupItem, itemBytes } from "./group-item.ts";
import type { Resident } from "./resident.ts";
import type { FirstResult } from "./seen-table.ts";

/** What an event takes in the journal beside its texts, with the longest numbers; measured on the encoded form. */
const EVENT_BYTES = 200;
/** The same for a command and its result: a claim's, with ids of 100 characters, is the largest. */
const COMMAND_BYTES = 3_500;

/** An event on its way into the journal; applied at once, or when its player is loaded. */
export class EventItem implements GroupItem {
  readonly id: string;
  readonly player: PlayerKey;
  readonly bytes: number;
  readonly #event: EventFacts;
  #error: unknown = null;

  constructor(id: string, player: PlayerKey, event: EventFacts) {
    this.id = id;
    this.player = player;
    this.#event = event;
    this.bytes = itemBytes(EVENT_BYTES, player.namespace, player.userId, event.statCode);
  }

  /** What went wrong when it was applied; null when nothing did. */
  get error(): unknown {
    return this.#error;
  }

  decide(): Operation {
    return { kind: "event", event: this.#event };
  }

  failed(error: unknown): void {
    this.#error = error;
  }
}

/** The player was loaded for the command, and left memory since: what the journal holds of it went into a dead letter. */
const GONE: Failure = {
  code: "SHARD_UNAVAILABLE",
  detail: "The player must be read again. Send the request again.",
};

/** A command on its way into the journal: decided on the player as it stands when the group is written. */
export class CommandItem implements GroupItem {
  readonly id: string;
  readonly player: PlayerKey;
  readonly bytes = COMMAND_BYTES;
  readonly #command: RulesCommand;
  readonly #context: Omit<DecideContext, "catalog" | "at">;
  #rowsBefore = 0;
  #operation: Operation | null = null;
  #result: CommandResult | null = null;
  #failure: Failure | null = null;
  #error: unknown = null;

  constructor(
    id: string,
    player: PlayerKey,
    command: RulesCommand,
    context: Omit<DecideContext, "catalog" | "at">,
  ) {
    this.id = id;
    this.player = player;
    this.#command = command;
    this.#context = context;
  }

  /** What the command came to, once its group is written. Throws what the rules threw. */
  get result(): FirstResult {
    if (this.#error !== null) throw this.#error;
    if (this.#failure !== null) return { kind: "refused", failure: this.#failure };
    if (this.#result === null) throw new Error("The command's group is not written yet.");
    return this.#result;
  }

  /** What was journaled; null for a refusal. */
  get operation(): Operation | null {
    return this.#operation;
  }

  decide(resident: Resident | undefined, context: ApplyContext): Operation | null {
    if (resident === undefined) {
      this.#failure = GONE;
      return null;
    }
    this.#rowsBefore = resident.rows.size;
    const { draft } = rolledDraft(resident, context);
    const decision = decide(this.player, this.#command, draft, { ...this.#context, ...context });
    if (!decision.ok) {
      this.#failure = decision.failure;
      return null;
    }
    this.#operation = decision.value;
    return decision.value;
  }

  /** Remembered like any first result, but for what passes: another claim in flight, a player who left memory. */
  refusal(): FirstResult | null {
    const failure = this.#failure;
    const isPassing = failure === GONE || failure?.code === "CLAIM_IN_PROGRESS";
    return failure === null || isPassing ? null : { kind: "refused", failure };
  }

  applied(resident: Resident, _change: Change): FirstResult | null {
    this.#result = this.#resultOf(resident);
    return this.#result;
  }

  failed(error: unknown): void {
    this.#error = error;
  }

  #resultOf(resident: Resident): CommandResult {
    const command = this.#command;
    switch (command.kind) {
      case "initialize":
        return { kind: "initialize", created: resident.rows.size - this.#rowsBefore };
      case "activate": {
        const { challengeId, goalId, isActive } = command;
        const assignedAt = resident.rows.get(goalId)?.assignedAt ?? null;
        return { kind: "activate", challengeId, goalId, isActive, assignedAt };
      }
      case "batch-select":
      case "random-select":
        return this.#selection();
      case "reset": {
        const goalIds = this.#operation?.kind === "reset" ? this.#operation.goalIds : [];
        return { kind: "reset", goalIds };
      }
      case "erase":
        return { kind: "erase", rowsDeleted: this.#rowsBefore };
      case "claim":
        return this.#pendingClaim();
    }
  }

  #selection(): CommandResult {
    const operation = this.#operation;
    if (operation?.kind !== "select") throw new Error("A selection was written as something else.");
    const { challengeId, goalIds, replaced } = operation;
    return { kind: "select", challengeId, goalIds, replaced };
  }

  #pendingClaim(): CommandResult {
    const operation = this.#operation;
    if (operation?.kind !== "claim-started") {
      throw new Error("A claim was written as something else.");
    }
    const { goalId, claim } = operation;
    const { period, reward, grantId } = claim;
    return { kind: "claim", status: "pending", goalId, period, reward, claimedAt: null, grantId };
  }
}
