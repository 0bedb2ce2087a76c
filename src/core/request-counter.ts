import { Histogram, type HistogramCounts } from "./histogram.ts";
import { REQUEST_BOUNDS_MS } from "./metric-bounds.ts";

/** What is counted of one request. */
export interface CountedRequest {
  readonly method: string;
  /** The pattern, never the path; null when no route matched. */
  readonly route: string | null;
  readonly status: number;
  readonly milliseconds: number;
}

/** Requests as a Worker counts them and shards keep them; plain data, it crosses RPC. */
export interface RequestCounts {
  /** By `method route status`, such as `GET /v1/challenges/:challengeId 200`. */
  readonly requests: Readonly<Record<string, number>>;
  /** By group of routes; see `routeGroup`. Bounds: REQUEST_BOUNDS_MS. */
  readonly durations: Readonly<Record<string, HistogramCounts>>;
  /** Items of event batches that were no valid events, and so came to no shard. */
  readonly invalidEvents: number;
}

/**
 * Counts requests. Bounded whatever is asked for: only methods and routes that exist, and the statuses that we answer.
 */
export class RequestCounter {
  readonly #requests = new Map<string, number>();
  readonly #durations = new Map<string, Histogram>();
  #invalidEvents = 0;

  get isEmpty(): boolean {
    return this.#requests.size === 0 && this.#invalidEvents === 0;
  }

  note({ method, route, status, milliseconds }: CountedRequest): void {
    const known = knownMethod(method);
    this.#count(`${known} ${route ?? "unmatched"} ${status}`, 1);
    this.#duration(routeGroup(known, route)).observe(milliseconds);
  }

  noteInvalidEvents(count: number): void {
    this.#invalidEvents += count;
  }

  /** Adds what another counter has counted. */
  add({ requests, durations, invalidEvents }: RequestCounts): void {
    for (const [key, count] of Object.entries(requests)) this.#count(key, count);
    for (const [group, counted] of Object.entries(durations)) this.#duration(group).add(counted);
    this.#invalidEvents += invalidEvents;
  }

  /** A copy of what was counted. */
  get counted(): RequestCounts {
    const durations = [...this.#durations].map(([group, { counted }]) => [group, counted]);
    return {
      requests: Object.fromEntries(this.#requests),
      durations: Object.fromEntries(durations),
      invalidEvents: this.#invalidEvents,
    };
  }

  #count(key: string, count: number): void {
    this.#requests.set(key, (this.#requests.get(key) ?? 0) + count);
  }

  #duration(group: string): Histogram {
    let histogram = this.#durations.get(group);
    if (histogram === undefined) {
      histogram = new Histogram(REQUEST_BOUNDS_MS);
      this.#durations.set(group, histogram);
    }
    return histogram;
  }
}

/** The method, or `other`: whatever a stranger sends in its place makes no label, and no text in a log. */
export function knownMethod(method: string): string {
  return METHODS.has(method) ? method : "other";
}

const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"]);

/** Routes whose durations are counted together: those that do about the same work. */
export function routeGroup(method: string, route: string | null): string {
  if (route === null) return "unmatched";
  if (route === "/v1/events") return "events";
  if (route.startsWith("/v1/admin/")) return "admin";
  if (!PLAYER_ROUTES.test(route)) return "public";
  return method === "GET" || method === "HEAD" ? "player-reads" : "player-writes";
}

const PLAYER_ROUTES = /^\/v1\/(challenges|progress|users)(\/|$)/;
