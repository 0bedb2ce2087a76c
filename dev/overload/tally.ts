/** Answers that break a promise and are told one by one; all are counted. */
const EXAMPLES_MAX = 10;

/** What the load was answered while Postgres was away, and which events were taken at any time. */
export class Tally {
  /** Distinct events that were answered as taken, by player. */
  readonly acknowledged = new Map<string, number>();
  /** Of them, those that were answered while Postgres was away. */
  acknowledgedAway = 0;
  /** Events that were refused, whole requests or single items; and requests that were answered 503. */
  eventsRefused = 0;
  requestsRefused = 0;
  /** Of these requests, those that do not say when to come again. */
  withoutRetryAfter = 0;
  /** Reads of players in memory while Postgres was away, and those that were not answered 200. */
  reads = 0;
  readsFailed = 0;
  commands = 0;
  /** Answers to commands that no promise allows. */
  unexpected = 0;
  /** Requests without any answer; events among them are sent again under the same ids. */
  unanswered = 0;
  readonly examples: string[] = [];

  taken(userId: string, isAway: boolean): void {
    this.acknowledged.set(userId, (this.acknowledged.get(userId) ?? 0) + 1);
    if (isAway) this.acknowledgedAway++;
  }

  /** A request was answered 503. */
  refused(what: string, retryAfter: string | null): void {
    this.requestsRefused++;
    if (retryAfter !== null && /^\d+$/.test(retryAfter)) return;
    this.withoutRetryAfter++;
    this.#note(`${what} was answered 503 with Retry-After ${retryAfter}`);
  }

  readFailed(example: string): void {
    this.readsFailed++;
    this.#note(example);
  }

  surprise(example: string): void {
    this.unexpected++;
    this.#note(example);
  }

  #note(example: string): void {
    if (this.examples.length < EXAMPLES_MAX) this.examples.push(example);
  }
}
