import type { Failure } from "../core/errors.ts";
import type { Operation, RepairGrant } from "../core/operation.ts";
import type { GrantLine, PlayerKey } from "../core/player.ts";
import type { Change } from "../core/reducer.ts";
import { decideRepair } from "../core/repair-grant.ts";
import type { GroupItem } from "./group-item.ts";
import type { OpenGrant, OpenGrants } from "./open-grants.ts";
import type { Resident } from "./resident.ts";
import type { FirstResult } from "./seen-table.ts";

/** What a repair and its result take in the journal, with ids of 100 characters and the longest reason. */
const REPAIR_BYTES = 5_000;

/** An operator's repair of a grant on its way into the journal. */
export class RepairItem implements GroupItem {
  readonly id: string;
  readonly player: PlayerKey;
  readonly bytes = REPAIR_BYTES;
  readonly #command: RepairGrant;
  readonly #openGrants: OpenGrants;
  readonly #onWritten: (line: GrantLine) => void;
  #grant: OpenGrant | undefined;
  #line: GrantLine | null = null;
  #failure: Failure | null = null;
  #error: unknown = null;

  /** `onWritten` runs in the turn of the group's write: what it writes is durable with the group, or not at all. */
  constructor(
    id: string,
    player: PlayerKey,
    command: RepairGrant,
    openGrants: OpenGrants,
    onWritten: (line: GrantLine) => void,
  ) {
    this.id = id;
    this.player = player;
    this.#command = command;
    this.#openGrants = openGrants;
    this.#onWritten = onWritten;
  }

  /** What the repair came to, once its group is written. Throws what the rules threw. */
  get result(): FirstResult {
    if (this.#error !== null) throw this.#error;
    if (this.#failure !== null) return { kind: "refused", failure: this.#failure };
    if (this.#line === null) throw new Error("The repair's group is not written yet.");
    return { kind: "repair-grant", line: this.#line };
  }

  /** The grant that was open; undefined when it was not. */
  get grant(): OpenGrant | undefined {
    return this.#grant;
  }

  decide(resident: Resident | undefined): Operation | null {
    if (resident === undefined) throw new Error("A repair was written without its player.");
    this.#grant = this.#openGrants.get(this.#command.grantId, this.player);
    const decision = decideRepair(this.#command, this.#grant);
    if (decision.ok) return decision.value;
    this.#failure = decision.failure;
    return null;
  }

  refusal(): FirstResult | null {
    return this.#failure === null ? null : { kind: "refused", failure: this.#failure };
  }

  applied(_resident: Resident, { grants }: Change): FirstResult {
    this.#line = grants[0] ?? null;
    return this.result;
  }

  written(): void {
    if (this.#line !== null) this.#onWritten(this.#line);
  }

  failed(error: unknown): void {
    this.#error = error;
  }
}
