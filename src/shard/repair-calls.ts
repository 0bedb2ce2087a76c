import type { RepairGrant } from "../core/operation.ts";
import type { GrantLine, PlayerKey } from "../core/player.ts";
import type { Granting } from "./granting.ts";
import type { GroupWriter } from "./group-writer.ts";
import { REPAIR_POLL_MS, REPAIR_WAIT_MS } from "./limits.ts";
import type { ShardMemory } from "./memory.ts";
import type { ShardPorts } from "./ports.ts";
import { RepairItem } from "./repair-item.ts";
import type { Resident } from "./resident.ts";
import type { FirstResult } from "./seen-table.ts";

/** An operator's repairs of grants: asked again, paid, or taken back. */
export class RepairCalls {
  readonly #memory: ShardMemory;
  readonly #writer: GroupWriter;
  readonly #granting: Granting;
  readonly #ports: ShardPorts;

  constructor(memory: ShardMemory, writer: GroupWriter, granting: Granting, ports: ShardPorts) {
    this.#memory = memory;
    this.#writer = writer;
    this.#granting = granting;
    this.#ports = ports;
  }

  /** Decides and journals the repair. A call of the reward service that is under way goes on; see Granting. */
  async write(
    player: PlayerKey,
    command: RepairGrant,
    { id, requestId }: { readonly id: string; readonly requestId: string },
  ): Promise<FirstResult> {
    const { openGrants } = this.#memory;
    const item = new RepairItem(id, player, command, openGrants, (line) =>
      this.#repaired(command, line, requestId),
    );
    await this.#writer.add(item);
    // Not in the turn of the write: nobody may be asked before that is durable.
    if (command.repair === "retry" && item.grant !== undefined) this.#granting.askNow(item.grant);
    return item.result;
  }

  /**
   * Waits until Postgres has the line, so that the ledger's list shows it to whoever asks next; not longer than about a
   * flush takes: the repair itself is durable already.
   */
  async untilStored(grantId: string, resident: Resident): Promise<void> {
    for (let waitedMs = 0; waitedMs < REPAIR_WAIT_MS; waitedMs += REPAIR_POLL_MS) {
      const isStored = !(resident.view.ahead?.lines ?? []).some((line) => line.grantId === grantId);
      if (isStored) return;
      await new Promise<void>((resolve) => this.#ports.after(REPAIR_POLL_MS, resolve));
    }
  }

  #repaired({ grantId, repair }: RepairGrant, line: GrantLine, requestId: string): void {
    if (repair !== "retry") {
      const result = resultOfClaim(line);
      this.#memory.dedup.settleClaim(grantId, result);
      this.#granting.end(grantId, result);
    }
    const { shard, log } = this.#ports;
    log("grant-repaired", { shard, grantId, requestId, repair });
  }
}

/** What the claim's request, if it waits still, and every repeat of it is told. */
function resultOfClaim({ goalId, period, reward, grantId, grantedAt }: GrantLine): FirstResult {
  if (grantedAt !== null) {
    return {
      kind: "claim",
      status: "claimed",
      goalId,
      period,
      reward,
      claimedAt: grantedAt,
      grantId,
    };
  }
  return {
    kind: "refused",
    failure: {
      code: "REWARD_REJECTED",
      detail: `The claim of goal ${goalId} was taken back; it can be claimed again.`,
      extra: { grantId },
    },
  };
}
