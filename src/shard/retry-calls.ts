import type { CatalogPointer } from "../core/catalog.ts";
import type { LetterOperation } from "../core/dead-letter.ts";
import { type Outcome, refuse } from "../core/errors.ts";
import type { PlayerKey } from "../core/player.ts";
import type { RetriedOperation } from "../core/retry-operation.ts";
import type { GroupWriter } from "./group-writer.ts";
import type { ShardMemory } from "./memory.ts";
import { operationId } from "./operation-id.ts";
import type { PlayerAccess } from "./player-access.ts";
import type { ShardPorts } from "./ports.ts";
import { RetryItem } from "./retry-item.ts";

/** A dead letter that is to be retried; plain data, it crosses RPC. */
export interface LetterToRetry {
  readonly id: number;
  readonly player: PlayerKey;
  readonly operations: readonly LetterOperation[];
}

/** The calls that take up a dead letter again: each of its operations is taken once, however often it is retried. */
export class RetryCalls {
  readonly #memory: Pick<ShardMemory, "retried" | "shelf">;
  readonly #writer: GroupWriter;
  readonly #access: PlayerAccess;
  readonly #ports: ShardPorts;

  constructor(
    memory: Pick<ShardMemory, "retried" | "shelf">,
    writer: GroupWriter,
    access: PlayerAccess,
    ports: ShardPorts,
  ) {
    this.#memory = memory;
    this.#writer = writer;
    this.#access = access;
    this.#ports = ports;
  }

  /** What became of each operation, in order; durable once answered. */
  async run(letter: LetterToRetry, pointer: CatalogPointer): Promise<Outcome<RetriedOperation[]>> {
    const { namespace } = letter.player;
    if ((await this.#memory.shelf.ensure(namespace, pointer)) === null) {
      return refuse("NO_CATALOG", `Namespace ${namespace} has no catalog ${pointer.version}.`);
    }
    return this.#access.use(letter.player, async () => ({
      ok: true,
      value: await this.#retry(letter),
    }));
  }

  async #retry({ id, player, operations }: LetterToRetry): Promise<RetriedOperation[]> {
    const ids = operations.map(({ position }) => this.#idOf(id, position));
    // Another retry of the letter may be on its way; whoever met it is answered after its groups.
    for (const each of ids) {
      for (
        let open = this.#writer.pending(each);
        open !== null;
        open = this.#writer.pending(each)
      ) {
        await open;
      }
    }
    // From here to the open group without an await: two retries of one letter must not both get in.
    const written: Promise<void>[] = [];
    const results = operations.map((operation, index) => {
      const operationId = ids[index] ?? "";
      if (this.#memory.retried.has(operationId)) return repeated(operation);
      const item = new RetryItem(operationId, player, operations, operation, this.#memory.retried);
      written.push(this.#writer.add(item));
      return item;
    });
    await Promise.all(written);
    return results.map((result) => (result instanceof RetryItem ? result.outcome : result));
  }

  #idOf(letterId: number, position: number): string {
    return operationId(this.#ports.digest, ["dead-letter", letterId, position]);
  }
}

function repeated({ position }: LetterOperation): RetriedOperation {
  return { position, status: "repeated", detail: null };
}
