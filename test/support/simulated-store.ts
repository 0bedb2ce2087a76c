import type { LetterDraft } from "../../src/core/dead-letter.ts";
import type { GrantLine, PlayerKey } from "../../src/core/player.ts";
import {
  type Fence,
  type FlushAttempt,
  type LoadedPlayers,
  type PlayerSnapshot,
  type ShardStore,
  StoreError,
  type StoredRow,
} from "../../src/core/shard-store.ts";
import { playerName } from "../../src/shard/resident.ts";
import { answerByFate, type Fate } from "./simulated-fates.ts";

/** What a broken Postgres does with flushes, for controls: whoever looks for losses and doubles must find some then. */
export type Breakage =
  /** Flushes are written whatever the fence says. */
  | "no-fence"
  /** Rows do not keep up to which operation they hold their player's. */
  | "no-applied"
  /** The fence always moves to the last position in use, over what is parked or was left out. */
  | "cut-at-last";

/** A dead letter as Postgres holds it. */
export interface SimulatedLetter {
  readonly name: string;
  readonly shard: string;
  readonly applied: number;
  /** Null: the player was erased. */
  readonly draft: LetterDraft | null;
}

/** Postgres as far as a shard can tell: fence, rows, ledger and letters, with the semantics of the real statements. */
export class SimulatedStore implements ShardStore {
  readonly rows = new Map<string, Map<string, StoredRow>>();
  readonly grants = new Map<string, GrantLine & { shard: string; player: PlayerKey }>();
  readonly fences = new Map<string, Fence>();
  /** Dead letters, also those that an erasure has emptied. */
  letters: SimulatedLetter[] = [];
  /** Names of players who had a letter once. */
  readonly lettered = new Set<string>();
  readonly attempts: FlushAttempt[] = [];
  readonly #late: (() => void)[] = [];
  /** Decides each statement's fate; `k` counts all statements from 0. */
  fate: (kind: keyof ShardStore, k: number) => Fate = () => "ok";
  /** Called before a statement runs and before it is answered; a test can hold it there. */
  gate: (kind: keyof ShardStore, moment: "request" | "answer") => Promise<void> = () =>
    Promise.resolve();
  calls = 0;
  /** Flushes that found the fence elsewhere. */
  refusedFlushes = 0;
  /** Why a flush is refused for what it holds of a player; null: it is not. */
  refuses: (snapshot: PlayerSnapshot) => string | null = () => null;
  breakage: Breakage | null = null;
  /** Players who were erased and had claimed again when one flush took both. */
  reclaimingFlushes = 0;

  readFence(shard: string): Promise<Fence | null> {
    return this.#run("readFence", () => this.fences.get(shard) ?? null);
  }

  createFence(shard: string, owner: string, floor: number, epoch = 1, high = floor) {
    return this.#run("createFence", () => {
      if (this.fences.has(shard)) return null;
      return this.#setFence(shard, { owner, epoch, flush: 0, upto: floor, high });
    });
  }

  claimFence(
    shard: string,
    owner: string,
    found: number,
    epoch = found + 1,
  ): Promise<Fence | null> {
    return this.#run("claimFence", () => {
      const fence = this.fences.get(shard);
      if (fence === undefined || fence.epoch !== found) return null;
      return this.#setFence(shard, { ...fence, owner, epoch });
    });
  }

  load(shard: string, players: readonly PlayerKey[]): Promise<LoadedPlayers> {
    return this.#run("load", () => ({
      epoch: this.fences.get(shard)?.epoch ?? null,
      rows: players.flatMap((player) => [...(this.rows.get(playerName(player))?.values() ?? [])]),
      marks: players.flatMap((player) => {
        const letters = this.lettersOf(player);
        const own = letters.filter((letter) => letter.shard === shard);
        const applied = Math.max(0, ...own.map((letter) => letter.applied));
        return letters.length === 0 ? [] : [{ player, applied }];
      }),
    }));
  }

  flush(attempt: FlushAttempt): Promise<boolean> {
    this.attempts.push(attempt);
    return this.#run("flush", () => this.#apply(attempt));
  }

  highestApplied(shard: string): Promise<number> {
    return this.#run("highestApplied", () => {
      const rows = [...this.rows.values()].flatMap((goals) => [...goals.values()]);
      const own = [...rows, ...this.letters].filter((one) => one.shard === shard);
      return Math.max(0, ...own.map(({ applied }) => applied));
    });
  }

  isGranted(grantId: string): Promise<boolean> {
    return this.#run("isGranted", () => this.grants.get(grantId)?.state === "granted");
  }

  playersWithPendingGrants(shard: string): Promise<readonly PlayerKey[]> {
    return this.#run("playersWithPendingGrants", () =>
      [...this.grants.values()]
        .filter((line) => line.shard === shard && line.state === "pending")
        .map((line) => line.player),
    );
  }

  /** Keeps what is stored now. The returned function sets Postgres back to it, as a restore to a point in time does. */
  snapshot(): () => void {
    const rows = [...this.rows].map(([name, goals]) => [name, new Map(goals)] as const);
    const [grants, fences, letters] = [
      new Map(this.grants),
      new Map(this.fences),
      [...this.letters],
    ];
    return () => {
      refill(this.rows, new Map(rows.map(([name, goals]) => [name, new Map(goals)])));
      refill(this.grants, grants);
      refill(this.fences, fences);
      this.letters = [...letters];
    };
  }

  /** Statements whose caller gave up and that have not arrived yet. */
  get lateCount(): number {
    return this.#late.length;
  }

  /** Lets every statement arrive whose caller gave up, or only one of them. Returns how many there were. */
  arriveLate(index?: number): number {
    const late = index === undefined ? this.#late.splice(0) : this.#late.splice(index, 1);
    for (const statement of late) statement();
    return late.length;
  }

  /** The letters of one player, as far as no erasure has taken its name off them. */
  lettersOf(player: PlayerKey): readonly SimulatedLetter[] {
    const name = playerName(player);
    return this.letters.filter((letter) => letter.name === name);
  }

  /** The rows of one player by goal. */
  rowsOf(player: PlayerKey): Map<string, StoredRow> {
    return this.rows.get(playerName(player)) ?? new Map();
  }

  #apply(attempt: FlushAttempt): boolean {
    const { shard, epoch, previous, flush, upto, high } = attempt;
    const fence = this.fences.get(shard);
    const isRight = fence?.epoch === epoch && fence.flush === previous;
    if (fence === undefined || !(isRight || this.breakage === "no-fence")) {
      this.refusedFlushes++;
      return false;
    }
    for (const snapshot of attempt.players) {
      const reason = this.refuses(snapshot);
      if (reason !== null) throw new StoreError(reason, true, { isDataFault: true });
    }
    const cut = this.breakage === "cut-at-last" ? high : upto;
    this.#setFence(shard, { ...fence, flush, upto: cut, high });
    for (const snapshot of attempt.players) this.#write(shard, snapshot);
    return true;
  }

  #write(
    shard: string,
    { player, isErased, rows, grants, letters, ...marks }: PlayerSnapshot,
  ): void {
    const applied = this.breakage === "no-applied" ? 0 : marks.applied;
    const name = playerName(player);
    if (isErased) this.#forgetLetters(name);
    for (const draft of letters) this.letters.push({ name, shard, applied, draft });
    if (letters.length > 0) this.lettered.add(name);
    const hasClaim = rows.some((row) => row.openClaim !== null || row.status === "claimed");
    if (isErased && hasClaim) this.reclaimingFlushes++;
    const kept = isErased ? undefined : this.rows.get(name);
    const stored = kept ?? new Map<string, StoredRow>();
    this.rows.set(name, stored);
    for (const row of rows) stored.set(row.goalId, { player, row, shard, applied });
    for (const line of grants) {
      const isPaid = this.grants.get(line.grantId)?.state === "granted";
      if (!isPaid) this.grants.set(line.grantId, { ...line, shard, player });
    }
  }

  #forgetLetters(name: string): void {
    this.letters = this.letters.map((letter) =>
      letter.name === name ? { ...letter, name: "", draft: null } : letter,
    );
  }

  #setFence(shard: string, fence: Fence): Fence {
    this.fences.set(shard, fence);
    return fence;
  }

  async #run<T>(kind: keyof ShardStore, statement: () => T): Promise<T> {
    const fate = this.fate(kind, this.calls++);
    await this.gate(kind, "request");
    const answer = answerByFate(kind, fate, statement, this.#late);
    await this.gate(kind, "answer");
    return answer();
  }
}

function refill<Value>(map: Map<string, Value>, values: ReadonlyMap<string, Value>): void {
  map.clear();
  for (const [name, value] of values) map.set(name, value);
}
