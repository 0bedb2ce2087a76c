/** Requests that the demo has on their way at one time; more than a browser, fewer than a crowd. */
const WORKERS = 16;

/** Runs a task for every item, some of them side by side, and waits for all. Rejects with the first failure. */
export async function inParallel<T>(
  items: readonly T[],
  task: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const queue = [...items.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, item] = next;
      await task(item, index);
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
}
