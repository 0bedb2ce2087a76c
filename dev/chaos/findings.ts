/** Broken promises that are told one by one; all are counted. */
const EXAMPLES_MAX = 12;

/** What the load was answered; crews write here side by side. */
export class Findings {
  /** Distinct events that were answered as taken. */
  acknowledged = 0;
  /** Events answered "duplicate": repeated on purpose, or sent again after a lost answer. */
  duplicates = 0;
  reads = 0;
  claims = 0;
  /** Claims that the reward service refused; the goal can be claimed again. */
  refusals = 0;
  /** Parked grants that an operator had asked for again, and those that stayed parked all the same. */
  repaired = 0;
  parked = 0;
  switches = 0;
  staleReads = 0;
  /** Second claims of one completion that were paid, and claims of one completion under several grant ids. */
  doubleGrants = 0;
  /** Answers that no promise allows; there must be none. */
  unexpected = 0;
  /** Acknowledged events that were accepted a second time. */
  acceptedTwice = 0;
  readonly examples: string[] = [];

  stale(example: string): void {
    this.staleReads++;
    this.#tell(`stale read: ${example}`);
  }

  doubleGrant(example: string): void {
    this.doubleGrants++;
    this.#tell(`double grant: ${example}`);
  }

  twice(example: string): void {
    this.acceptedTwice++;
    this.#tell(`accepted twice: ${example}`);
  }

  surprise(example: string): void {
    this.unexpected++;
    this.#tell(`unexpected: ${example}`);
  }

  #tell(example: string): void {
    if (this.examples.length < EXAMPLES_MAX) this.examples.push(example);
  }
}
