import type { GroupCommit } from "./group-commit.ts";
import type { GroupItem } from "./group-item.ts";
import { GROUP_BYTES_MAX, GROUP_WAIT_MS } from "./limits.ts";
import type { ShardPorts } from "./ports.ts";

interface OpenGroup {
  readonly items: GroupItem[];
  readonly ids: Set<string>;
  readonly written: Promise<void>;
  readonly settle: { resolve(): void; reject(error: unknown): void };
  readonly cancel: () => void;
  bytes: number;
}

/**
 * Group commit: the operations of all calls that arrive within a few milliseconds become one row of the journal.
 *
 * Operations are decided and applied when their group is written, in the same synchronous turn as its INSERT.
 */
export class GroupWriter {
  readonly #commit: GroupCommit;
  readonly #after: ShardPorts["after"];
  readonly #onWritten: () => void;
  #open: OpenGroup | null = null;

  /** `onWritten` runs after each group that left work for a flush, in the same turn. */
  constructor(commit: GroupCommit, { after }: Pick<ShardPorts, "after">, onWritten: () => void) {
    this.#commit = commit;
    this.#after = after;
    this.#onWritten = onWritten;
  }

  /** The write of the open group, when the id is in it: whoever met it is answered after that. */
  pending(id: string): Promise<void> | null {
    return this.#open?.ids.has(id) === true ? this.#open.written : null;
  }

  /** Bytes that wait in the open group, estimated upwards. */
  get openBytes(): number {
    return this.#open?.bytes ?? 0;
  }

  /** Puts an operation into the open group; resolves once that group is written. Its id must be new. */
  add(item: GroupItem): Promise<void> {
    const group = (this.#open ??= this.#start());
    group.items.push(item);
    group.ids.add(item.id);
    group.bytes += item.bytes;
    if (group.bytes >= GROUP_BYTES_MAX) this.#close(group);
    return group.written;
  }

  #start(): OpenGroup {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const group: OpenGroup = {
      items: [],
      ids: new Set(),
      written: promise,
      settle: { resolve, reject },
      cancel: this.#after(GROUP_WAIT_MS, () => this.#close(group)),
      bytes: 0,
    };
    return group;
  }

  #close(group: OpenGroup): void {
    if (this.#open !== group) return;
    this.#open = null;
    group.cancel();
    try {
      const written = this.#commit.write(group.items);
      if (written > 0) this.#onWritten();
      group.settle.resolve();
    } catch (error) {
      group.settle.reject(error);
    }
  }
}
