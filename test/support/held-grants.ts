import type { Operation } from "../../src/core/operation.ts";
import type { GrantOutcome, GrantRequest } from "../../src/core/ports.ts";
import type { ClaimOfPlayer } from "../../src/shard/settlement-item.ts";
import { aClaim } from "./player-builders.ts";
import { SimulatedParts } from "./simulated-parts.ts";

/** A reward service that answers when it is told to. */
export class HeldGrants {
  readonly parts: SimulatedParts;
  readonly asked: string[] = [];
  /** What each call was told of an unanswered one before it. */
  readonly unansweredAt: (number | null)[] = [];
  readonly #answers: ((outcome: GrantOutcome) => void)[] = [];

  constructor(parts: SimulatedParts) {
    this.parts = parts;
    parts.around.grant = ({ grantId, unansweredAt }: GrantRequest) => {
      this.asked.push(grantId);
      this.unansweredAt.push(unansweredAt);
      return new Promise((resolve) => this.#answers.push(resolve));
    };
  }

  get inFlight(): number {
    return this.#answers.length;
  }

  async answer(outcome: GrantOutcome): Promise<void> {
    this.#answers.shift()?.(outcome);
    await this.parts.time.pass(10);
  }

  /** Starts asking for a grant of ada's. */
  start(grantId: string): ClaimOfPlayer {
    const of = this.opened("ada", grantId);
    this.parts.granting.start(of, "request-1");
    return of;
  }

  /** A claim as the group that started it leaves it. */
  opened(userId: string, grantId: string): ClaimOfPlayer {
    const player = this.parts.player(userId);
    const claim = aClaim({ grantId });
    const of = { player, challengeId: "first-steps", goalId: "kills", claim };
    this.parts.memory.openGrants.adopt(of, this.parts.time.now());
    return of;
  }
}

/** A shard that has ada in memory, and whose reward service waits for the test. */
export async function withGrants(): Promise<HeldGrants> {
  const parts = await new SimulatedParts().open();
  await parts.load("ada");
  return new HeldGrants(parts);
}

/** All operations of the journal. */
export function journaled({ memory }: SimulatedParts): Operation[] {
  return [...memory.journal.entries()].map(({ operation }) => operation);
}
