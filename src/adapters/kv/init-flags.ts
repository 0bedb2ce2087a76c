import type { PlayerKey } from "../../core/player.ts";
import type { InitFlags } from "../../core/ports.ts";
import { type KeyValue, keyOf, readOrMiss } from "./key-value.ts";

/**
 * Remembers in KV for which catalog version a player was initialised.
 *
 * Only ever skips work that is idempotent anyway: KV is seen late elsewhere, caches "not found" for up to a minute and may
 * be down. So a failure is a miss on reading, and nothing on writing.
 */
export function createInitFlags(kv: KeyValue): InitFlags {
  return {
    read: async (player) => readOrMiss(kv, keyOfPlayer(player)),
    write: async (player, version) => {
      await ignoreFailure(
        kv.put(keyOfPlayer(player), version, { expirationTtl: FLAG_TTL_SECONDS }),
      );
    },
    remove: async (player) => {
      await ignoreFailure(kv.delete(keyOfPlayer(player)));
    },
  };
}

/** 30 days: flags of players who left must not stay for ever. */
const FLAG_TTL_SECONDS = 30 * 86_400;

function keyOfPlayer({ namespace, userId }: PlayerKey): string {
  return keyOf("initialised", namespace, userId);
}

async function ignoreFailure(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch {
    // The next initialize does again what this flag would have skipped.
  }
}
