import type { KeyValue } from "../../src/adapters/kv/key-value.ts";

/** KV in memory, that can fail and that counts. */
export class FakeKv implements KeyValue {
  readonly values = new Map<string, string>();
  readonly ttls = new Map<string, number | undefined>();
  isDown = false;
  isHanging = false;
  reads = 0;

  async get(key: string): Promise<string | null> {
    this.reads++;
    this.#answer();
    if (this.isHanging) await new Promise(() => {});
    return this.values.get(key) ?? null;
  }

  async put(key: string, value: string, options?: { expirationTtl?: number }): Promise<void> {
    this.#answer();
    this.values.set(key, value);
    this.ttls.set(key, options?.expirationTtl);
  }

  async delete(key: string): Promise<void> {
    this.#answer();
    this.values.delete(key);
  }

  #answer(): void {
    if (this.isDown) throw new Error("KV does not answer.");
  }
}
