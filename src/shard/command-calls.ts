import type { CatalogPointer } from "../core/catalog.ts";
import { type Outcome, refuse } from "../core/errors.ts";
import type { ClaimResult, Command } from "../core/operation.ts";
import type { PlayerKey } from "../core/player.ts";
import type { CommandAnswer } from "../core/ports.ts";
import type { Granting } from "./granting.ts";
import type { GroupWriter } from "./group-writer.ts";
import { CommandItem } from "./items.ts";
import { CLAIM_WAIT_MS } from "./limits.ts";
import type { ShardMemory } from "./memory.ts";
import type { PlayerAccess } from "./player-access.ts";
import type { ShardPorts } from "./ports.ts";
import { RepairCalls } from "./repair-calls.ts";
import type { Resident } from "./resident.ts";
import type { FirstResult } from "./seen-table.ts";

/** A command's operation id, and the request that brought it. */
interface CallNames {
  readonly id: string;
  readonly requestId: string;
}

/** What a command comes with. */
interface CommandCall extends CallNames {
  readonly pointer: CatalogPointer;
}

/** The calls that need an answer of the rules: initialize, activate, claim. */
export class CommandCalls {
  readonly #memory: ShardMemory;
  readonly #writer: GroupWriter;
  readonly #granting: Granting;
  readonly #access: PlayerAccess;
  readonly #ports: ShardPorts;
  readonly #repairs: RepairCalls;

  constructor(
    memory: ShardMemory,
    writer: GroupWriter,
    granting: Granting,
    access: PlayerAccess,
    ports: ShardPorts,
  ) {
    this.#memory = memory;
    this.#writer = writer;
    this.#granting = granting;
    this.#access = access;
    this.#ports = ports;
    this.#repairs = new RepairCalls(memory, writer, granting, ports);
  }

  /** Runs a command once per id; a repeat is answered with the first result, and with the player as it stands now. */
  async run(
    player: PlayerKey,
    command: Command,
    { id, pointer, requestId }: CommandCall,
  ): Promise<Outcome<CommandAnswer>> {
    const shelved = await this.#memory.shelf.ensure(player.namespace, pointer);
    if (shelved === null) {
      return refuse(
        "NO_CATALOG",
        `Namespace ${player.namespace} has no catalog ${pointer.version}.`,
      );
    }
    return this.#access.use(player, async (resident) =>
      this.#answer(await this.#first(player, command, { id, requestId }), resident),
    );
  }

  /** The first result of this id. Whoever meets it in the open group waits for that group. */
  async #first(player: PlayerKey, command: Command, call: CallNames): Promise<FirstResult> {
    const { id } = call;
    for (let open = this.#writer.pending(id); open !== null; open = this.#writer.pending(id)) {
      await open;
    }
    // From here to the open group without an await: two calls with one id must not both get in.
    const known = this.#memory.dedup.has(id) ? this.#memory.dedup.resultOf(id) : undefined;
    return known ?? this.#write(player, command, call);
  }

  async #write(player: PlayerKey, command: Command, names: CallNames): Promise<FirstResult> {
    const { id, requestId } = names;
    if (command.kind === "repair-grant") return this.#repairs.write(player, command, names);
    const { digest, random, settings } = this.#ports;
    const { claimGraceMs } = settings;
    const item = new CommandItem(id, player, command, { digest, random, claimGraceMs });
    await this.#writer.add(item);
    const { operation } = item;
    if (operation?.kind === "claim-started") {
      const { challengeId, goalId, claim } = operation;
      this.#granting.start({ player, challengeId, goalId, claim }, requestId);
    }
    return item.result;
  }

  async #answer(first: FirstResult, resident: Resident): Promise<Outcome<CommandAnswer>> {
    const result = await this.#settled(first, resident);
    if (result.kind === "refused") return { ok: false, failure: result.failure };
    return { ok: true, value: { result, view: resident.view } };
  }

  /** A claim waits for its grant a while; a claim that met another one in flight is "pending" if nobody waits for that. */
  async #settled(first: FirstResult, resident: Resident): Promise<FirstResult> {
    if (first.kind === "claim" && first.status === "pending") {
      return (await this.#granting.outcome(first.grantId, CLAIM_WAIT_MS)) ?? first;
    }
    if (first.kind === "refused" && first.failure.code === "CLAIM_IN_PROGRESS") {
      return this.#pendingInstead(first, resident);
    }
    if (first.kind === "repair-grant") {
      await this.#repairs.untilStored(first.line.grantId, resident);
    }
    return first;
  }

  #pendingInstead(first: FirstResult & { kind: "refused" }, resident: Resident): FirstResult {
    for (const { goalId, openClaim } of resident.rows.values()) {
      if (openClaim === null || openClaim.grantId !== first.failure.extra?.["grantId"]) continue;
      if (this.#granting.isAwaited(openClaim.grantId)) return first;
      const { grantId, period, reward } = openClaim;
      const pending: ClaimResult = {
        kind: "claim",
        status: "pending",
        goalId,
        period,
        reward,
        claimedAt: null,
        grantId,
      };
      return pending;
    }
    return first;
  }
}
