/** The fields of one kind of object, and every key that means one of them. */
export interface FieldTable<Field extends string> {
  readonly names: readonly Field[];
  readonly fieldByKey: ReadonlyMap<string, Field>;
  readonly keys: readonly string[];
}

/** `$schema` is for the author's editor and is not read. */
export const DOCUMENT_FIELDS = fieldTable(["$schema", "challenges"]);

export const CHALLENGE_FIELDS = fieldTable(
  ["challengeId", "name", "description", "tags", "startsAt", "endsAt", "goals"],
  { id: "challengeId" },
);

/** `type` and `daily` are the legacy form's way to say what `requirement.progressMode` and `rotation` say now. */
export const GOAL_FIELDS = fieldTable(
  [
    "goalId",
    "name",
    "description",
    "eventSource",
    "defaultAssigned",
    "requirement",
    "reward",
    "prerequisites",
    "rotation",
    "type",
    "daily",
  ],
  { id: "goalId" },
);

export const REQUIREMENT_FIELDS = fieldTable([
  "statCode",
  "operator",
  "targetValue",
  "progressMode",
]);

export const REWARD_FIELDS = fieldTable(["type", "rewardId", "quantity"]);

export const ROTATION_FIELDS = fieldTable([
  "enabled",
  "type",
  "schedule",
  "timeZone",
  "resetTime",
  "weekday",
  "dayOfMonth",
  "onExpiry",
  "claimGraceSeconds",
]);

export const ON_EXPIRY_FIELDS = fieldTable(["resetProgress", "allowReselection"]);

/**
 * Each field by its name, by its legacy name in snake_case, and by the other keys given for it.
 *
 * The two forms occur mixed in real catalogs, so a key is understood wherever it stands.
 */
function fieldTable<Field extends string>(
  names: readonly Field[],
  otherKeys: Readonly<Record<string, Field>> = {},
): FieldTable<Field> {
  const fieldByKey = new Map<string, Field>(Object.entries(otherKeys));
  for (const name of names) fieldByKey.set(name, name).set(inSnakeCase(name), name);
  return { names, fieldByKey, keys: [...fieldByKey.keys()] };
}

function inSnakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
