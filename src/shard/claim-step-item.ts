import type { ClaimOperation } from "../core/claim-operation.ts";
import type { Operation } from "../core/operation.ts";
import type { PlayerKey } from "../core/player.ts";
import { type GroupItem, itemBytes } from "./group-item.ts";
import type { OpenGrant, OpenGrants } from "./open-grants.ts";

/** What a step takes in the journal, with ids of 100 characters, beside the reason. */
const STEP_BYTES = 2_500;

/** The journaling of what becomes of a grant that stays open: asked in vain, or parked. */
export class ClaimStepItem implements GroupItem {
  readonly id: string;
  readonly player: PlayerKey;
  readonly bytes: number;
  readonly #grantId: string;
  readonly #openGrants: OpenGrants;
  readonly #step: (grant: OpenGrant, at: number) => ClaimOperation;
  #isWritten = false;

  constructor(
    id: string,
    { player, grantId, reason }: { player: PlayerKey; grantId: string; reason: string },
    openGrants: OpenGrants,
    step: (grant: OpenGrant, at: number) => ClaimOperation,
  ) {
    this.id = id;
    this.player = player;
    this.bytes = itemBytes(STEP_BYTES, reason);
    this.#grantId = grantId;
    this.#openGrants = openGrants;
    this.#step = step;
  }

  /** Nothing, when the grant was settled or parked while the step was on its way into the journal. */
  decide(_resident: unknown, { at }: { at: number }): Operation | null {
    const grant = this.#openGrants.get(this.#grantId);
    return grant === undefined || grant.isParked ? null : this.#step(grant, at);
  }

  written(): void {
    this.#isWritten = true;
  }

  get isWritten(): boolean {
    return this.#isWritten;
  }

  /** A step that the rules threw at is not journaled; the next try makes another one. */
  failed(): void {
    this.#isWritten = false;
  }
}
