import { runInDurableObject } from "cloudflare:test";

import type { ShardInWorkerd } from "./shard-in-workerd.ts";

/** Rows written by table, as the platform counts and bills them; `setAlarm` counts as a row of `alarm`. */
export type RowsWritten = Readonly<Record<string, number>>;

/** Counts what a shard's object writes to its SQLite from now on. */
export interface RowCounter {
  /** What was written since the last look. */
  take(): RowsWritten;
}

/** Starts counting at this instance of the shard: an eviction ends it. */
export async function countRows({ stub }: ShardInWorkerd): Promise<RowCounter> {
  let rows: Record<string, number> = {};
  const note = (table: string, written: number) => {
    if (written > 0) rows[table] = (rows[table] ?? 0) + written;
  };
  await runInDurableObject(stub, (_instance, { storage }) => {
    const { sql } = storage;
    const exec = sql.exec.bind(sql);
    const setAlarm = storage.setAlarm.bind(storage);
    Object.assign(sql, {
      exec: (query: string, ...values: unknown[]) => {
        const cursor = exec(query, ...values);
        note(tableOf(query), cursor.rowsWritten);
        return cursor;
      },
    });
    Object.assign(storage, {
      setAlarm: (at: number) => {
        note("alarm", 1);
        return setAlarm(at);
      },
    });
  });
  return {
    take: () => {
      const taken = rows;
      rows = {};
      return taken;
    },
  };
}

/** Of all tables together. */
export function sumOf(rows: RowsWritten): number {
  return Object.values(rows).reduce((sum, written) => sum + written, 0);
}

function tableOf(query: string): string {
  return /\b(?:INTO|FROM|UPDATE) (\w+)/.exec(query)?.[1] ?? query;
}
