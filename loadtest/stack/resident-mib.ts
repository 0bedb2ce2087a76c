/** What 10,000 players with some 20 rows each take by the shards' estimate. */
const RESIDENT_MIB_OF_ALL = 128;
/** What one shard may be given, by src/config-schema.ts: 10,000 players of 16 rows. Of more it lets go those that it saw longest ago. */
const RESIDENT_MIB_MAX = 96;

/** RESIDENT_MIB of a load test's shards. */
export function residentMib(shards: number): number {
  return Math.min(RESIDENT_MIB_MAX, Math.ceil(RESIDENT_MIB_OF_ALL / shards));
}
