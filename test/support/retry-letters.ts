import { ONE_SHARD, type SimulatedShard } from "./simulated-shard.ts";

/** Retries all letters of the player that Postgres has; what became of each operation. */
export async function retryLetters(
  shard: SimulatedShard,
  userId: string,
  layout = ONE_SHARD,
): Promise<string[]> {
  const player = shard.player(userId);
  const statuses: string[] = [];
  for (const { draft } of shard.store.lettersOf(player)) {
    const { operations = [] } = draft ?? {};
    const letter = { id: operations[0]?.position ?? 0, player, operations };
    const retried = shard.engine.retryLetter(letter, shard.pointer, { layout });
    const outcome = await shard.time.until(retried);
    if (!outcome.ok) return [...statuses, outcome.failure.code];
    statuses.push(...outcome.value.map(({ status }) => status));
  }
  return statuses;
}
