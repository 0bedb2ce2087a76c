import type { Answer, Api } from "./api.ts";
import type { KeyName } from "./contract-stack.ts";
import { expectBody } from "./expect-answer.ts";
import { adminCatalog, published, versions } from "./shapes.ts";

/** A live-ops person of one namespace. */
export class Publisher {
  readonly #api: Api;
  readonly #key: string;

  constructor(api: Api, key: KeyName) {
    this.#api = api;
    this.#key = api.key(key);
  }

  put(document: object | string, query = "", headers = {}): Promise<Answer> {
    const isText = typeof document === "string";
    return this.#api.call(`/v1/admin/catalog${query}`, {
      method: "PUT",
      as: this.#key,
      body: document,
      headers: { ...(isText ? { "Content-Type": "application/json" } : {}), ...headers },
    });
  }

  /** A publish that must succeed. */
  async publish(document: object, query = "", headers = {}) {
    return expectBody(await this.put(document, query, headers), 200, published);
  }

  activate(version: string, headers = {}): Promise<Answer> {
    const path = `/v1/admin/catalog/versions/${version}/activate`;
    return this.#api.call(path, { method: "POST", as: this.#key, headers });
  }

  get(headers = {}): Promise<Answer> {
    return this.#api.call("/v1/admin/catalog", { as: this.#key, headers });
  }

  async active() {
    return expectBody(await this.get(), 200, adminCatalog);
  }

  async history() {
    const answer = await this.#api.call("/v1/admin/catalog/versions", { as: this.#key });
    return expectBody(answer, 200, versions).versions;
  }
}
