import { describe, expect, test } from "vitest";

import { KILLS } from "../../test/support/simulated-parts.ts";
import { ONE_SHARD, SimulatedShard } from "../../test/support/simulated-shard.ts";
import type { LetterOperation } from "../core/dead-letter.ts";

/** A shard whose Postgres refused the kills of ada while it was told to, with the one letter that came of it. */
class LetteredShard extends SimulatedShard {
  constructor() {
    super(KILLS);
  }

  async kill(eventId: string): Promise<void> {
    await this.time.until(this.event(eventId, "ada"));
    await this.flush();
  }

  async flush(): Promise<void> {
    for (let passes = 0; passes < 3; passes++) await this.time.until(this.alarm());
  }

  refuseRows(isRefused: boolean): void {
    this.store.refuses = ({ rows }) => (isRefused && rows.length > 0 ? "out of range" : null);
  }

  get letter(): readonly LetterOperation[] {
    return this.store.lettersOf(this.player("ada")).flatMap(({ draft }) => draft?.operations ?? []);
  }

  get storedKills(): number | undefined {
    return this.store.rowsOf(this.player("ada")).get("kills")?.row.eventCount;
  }

  async retry(operations = this.letter, id = 7) {
    const letter = { id, player: this.player("ada"), operations };
    const outcome = await this.time.until(
      this.engine.retryLetter(letter, this.pointer, { layout: ONE_SHARD }),
    );
    if (!outcome.ok) throw new Error(outcome.failure.detail);
    return outcome.value.map(({ status }) => status);
  }
}

async function withLetter(): Promise<LetteredShard> {
  const shard = new LetteredShard();
  await shard.kill("e1");
  shard.refuseRows(true);
  await shard.time.until(shard.events([2, 3].map((n) => ({ eventId: `e${n}`, userId: "ada" }))));
  await shard.flush();
  expect(shard.letter).toHaveLength(2);
  shard.refuseRows(false);
  return shard;
}

describe("a letter that is retried", () => {
  test("brings its operations on top of what the player has, and they reach Postgres", async () => {
    const shard = await withLetter();
    expect(shard.storedKills).toBe(1);
    await shard.kill("e4");
    expect(await shard.retry()).toEqual(["taken", "taken"]);
    await shard.flush();
    expect(shard.storedKills).toBe(4);
  });

  test("counts once: twice at the same time, again, after a restart, and when ids are forgotten", async () => {
    const shard = await withLetter();
    const both = await Promise.all([shard.retry(), shard.retry()]);
    expect(both).toEqual([
      ["taken", "taken"],
      ["repeated", "repeated"],
    ]);
    shard.start();
    expect(await shard.retry()).toEqual(["repeated", "repeated"]);
    await shard.time.pass(86_400_000);
    await shard.flush();
    expect(await shard.retry()).toEqual(["repeated", "repeated"]);
    expect(shard.storedKills).toBe(3);
    // Another letter with the same positions is another matter.
    expect(await shard.retry(shard.letter, 8)).toEqual(["taken", "taken"]);
  });

  test("takes what it can when the rules throw at an operation, and says why", async () => {
    const shard = await withLetter();
    const [first] = shard.letter;
    if (first === undefined) throw new Error("The letter is empty.");
    const damaged: LetterOperation = JSON.parse(
      JSON.stringify({ ...first, position: 99, operation: { kind: "select" } }),
    );
    expect(await shard.retry([damaged, first])).toEqual(["refused", "taken"]);
    await shard.flush();
    expect(shard.storedKills).toBe(2);
  });
});

describe("a claim that ended up in a letter", () => {
  const claim = { kind: "claim", challengeId: "first-steps", goalId: "kills" } as const;

  test("is paid once, whether the player claims again or the letter is retried", async () => {
    const shard = await withLetter();
    shard.refuseRows(true);
    await shard.time.until(shard.events([4, 5].map((n) => ({ eventId: `e${n}`, userId: "ada" }))));
    const claimed = await shard.time.until(shard.command("ada", claim, "k1"));
    expect(claimed).toMatchObject({ ok: true, value: { result: { status: "claimed" } } });
    await shard.flush();
    expect([...shard.store.grants.values()]).toMatchObject([{ state: "granted" }]);
    expect(shard.store.rowsOf(shard.player("ada")).get("kills")?.row.status).toBe("in_progress");
    shard.refuseRows(false);
    expect(await shard.retry()).not.toContain("refused");
    await shard.flush();
    expect(shard.store.rowsOf(shard.player("ada")).get("kills")?.row.status).toBe("claimed");
    expect(shard.granted).toHaveLength(1);
    expect([...shard.store.grants.values()]).toMatchObject([{ state: "granted" }]);
  });

  test("is answered from the ledger when the player earns and claims it a second time", async () => {
    const shard = await withLetter();
    shard.refuseRows(true);
    await shard.time.until(shard.events([4, 5].map((n) => ({ eventId: `e${n}`, userId: "ada" }))));
    await shard.time.until(shard.command("ada", claim, "k1"));
    await shard.flush();
    shard.refuseRows(false);
    await shard.time.until(shard.events([6, 7].map((n) => ({ eventId: `e${n}`, userId: "ada" }))));
    const again = await shard.time.until(shard.command("ada", claim, "k2"));
    expect(again).toMatchObject({ ok: true, value: { result: { status: "claimed" } } });
    expect(shard.granted).toHaveLength(shard.store.grants.size);
  });
});
