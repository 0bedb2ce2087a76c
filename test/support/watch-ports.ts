import type { FakeServices } from "./fake-services.ts";

/** One call of a port, with what it was handed. */
export interface PortCall {
  /** Such as `players.view`. */
  readonly name: string;
  readonly args: readonly unknown[];
}

/** What reaches no tenant's data. A port that is not named here is watched, also one that does not exist yet. */
const WITHOUT_TENANTS = new Set([
  "config",
  "clock",
  "tally",
  "metricsToken",
  "playerTokens",
  "serverKeys",
  "rateLimiters",
  "logged",
  "missing",
  "ledger",
]);

/** The same services; every call of a port that holds tenants' data is noted in `calls`. */
export function watchPorts(services: FakeServices): { services: FakeServices; calls: PortCall[] } {
  const calls: PortCall[] = [];
  const watched = new Proxy(services, {
    get: (target, name) => {
      const port: unknown = Reflect.get(target, name);
      const isWatched = typeof port === "object" && port !== null && typeof name === "string";
      return isWatched && !WITHOUT_TENANTS.has(name) ? watchPort(name, port, calls) : port;
    },
  });
  return { services: watched, calls };
}

/** The namespaces that a call was handed: a first argument that is text, or the field `namespace` of an argument. */
export function namespacesIn({ args }: PortCall): string[] {
  const [first] = args;
  const fields = args.map((arg): unknown =>
    typeof arg === "object" && arg !== null && "namespace" in arg ? arg.namespace : undefined,
  );
  return [first, ...fields].filter((value) => typeof value === "string");
}

function watchPort(port: string, target: object, calls: PortCall[]): object {
  return new Proxy(target, {
    get: (_, name) => {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== "function") return method;
      return (...args: unknown[]): unknown => {
        calls.push({ name: `${port}.${String(name)}`, args });
        return Reflect.apply(method, target, args);
      };
    },
  });
}
