import { BoundedMap } from "../../core/bounded-map.ts";
import type { ActivatedPointer, CatalogStore } from "../../core/catalog-store.ts";
import type { Clock } from "../../core/ports.ts";
import type { KeyValue } from "./key-value.ts";
import { readPointer, writePointer } from "./pointer-entry.ts";

/**
 * Which catalog version is active in each namespace, as far as this isolate knows.
 *
 * A known pointer never goes back to a lower activation number, and outlives an outage of KV and store alike.
 */
export class ActivePointers {
  readonly #kv: KeyValue;
  readonly #store: CatalogStore;
  readonly #clock: Clock;
  readonly #known = new BoundedMap<string, Known>(NAMESPACES_MAX);

  constructor(kv: KeyValue, store: CatalogStore, clock: Clock) {
    this.#kv = kv;
    this.#store = store;
    this.#clock = clock;
  }

  /** Null when the namespace has no catalog. Throws like the store when nothing at all is known. */
  async get(namespace: string): Promise<ActivatedPointer | null> {
    const now = this.#clock.now();
    const known = this.#known.get(namespace);
    if (known !== undefined && now - known.lookedAt < LOOK_INTERVAL_MS) return known.pointer;
    const stale = known?.pointer ?? null;
    if (stale === null) return this.#remember(namespace, await this.#look(namespace));
    // One request looks, the others go on with what they have meanwhile.
    this.#remember(namespace, stale);
    try {
      return this.#remember(namespace, await this.#look(namespace));
    } catch {
      return stale;
    }
  }

  /** A publish or rollback by this isolate: known at once here, and written to KV for all others. */
  async moved(namespace: string, pointer: ActivatedPointer): Promise<void> {
    this.#remember(namespace, pointer);
    try {
      await writePointer(this.#kv, namespace, pointer);
    } catch {
      // The store has it; the cron repairs KV within a minute.
    }
  }

  /** Makes KV's pointer the store's. Throws like both. */
  async repair(namespace: string): Promise<void> {
    const stored = await this.#store.pointer(namespace);
    if (stored === null) return;
    this.#remember(namespace, stored);
    const cached = await readPointer(this.#kv, namespace);
    if (cached?.seq !== stored.seq || cached.version !== stored.version) {
      await writePointer(this.#kv, namespace, stored);
    }
  }

  /** KV, and the store when KV has nothing; then KV learns it. */
  async #look(namespace: string): Promise<ActivatedPointer | null> {
    const cached = await readPointer(this.#kv, namespace);
    if (cached !== null) return cached;
    const stored = await this.#store.pointer(namespace);
    if (stored !== null) await this.moved(namespace, stored);
    return stored;
  }

  #remember(namespace: string, pointer: ActivatedPointer | null): ActivatedPointer | null {
    const known = this.#known.get(namespace)?.pointer ?? null;
    const isOlder = known !== null && (pointer === null || pointer.seq < known.seq);
    const newest = isOlder ? known : pointer;
    this.#known.set(namespace, { pointer: newest, lookedAt: this.#clock.now() });
    return newest;
  }
}

/** A publish elsewhere is seen this much later than KV shows it; one KV read per isolate and this long. */
const LOOK_INTERVAL_MS = 3_000;
/** Anybody may ask GET /v1/catalog for any namespace: what is remembered of them has to end. */
const NAMESPACES_MAX = 1_000;

interface Known {
  readonly pointer: ActivatedPointer | null;
  readonly lookedAt: number;
}
