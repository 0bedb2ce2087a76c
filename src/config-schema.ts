import * as z from "zod";

/** What a server key may do; api.md says which route asks for which. */
const SCOPES = [
  "events:write",
  "catalog:read",
  "catalog:write",
  "players:read",
  "players:write",
  "operator",
] as const;
export type Scope = (typeof SCOPES)[number];

/** The name of a shard says how many there are: beyond this, batches would be too small to be worth one. */
const SHARDS_MAX = 1_024;
/** Positions start at generation × 2^40 and must stay below 2^53. */
const GENERATION_MAX = 8_191;
/** Each is replayed when an instance starts; the shard's limit in bytes, which is no var, usually comes first. */
const JOURNAL_OPERATIONS_LIMIT = 1_000_000;
/** More keys than this is a list that belongs into a database; each request compares with all of them. */
const API_KEYS_MAX = 100;

/** Characters: 24 of them in base64 are 144 random bits, beyond any guessing. */
const METRICS_TOKEN_LENGTH_MIN = 24;
/** The characters of a bearer token (RFC 6750); a server key is told from it by its `gk_`. */
const METRICS_TOKEN = /^(?!gk_)[\w.~+/-]{24,256}=*$/;

const text = z.string("is missing: set it as a var in wrangler.toml or as a secret");
const textOrNothing = z.string("must be text");

/** Vars are text, but wrangler.toml lets people write bare numbers. */
function integer(defaultValue: number, minimum: number, maximum: number) {
  const rule = `must be a whole number from ${minimum} to ${maximum}`;
  return z
    .union([z.string(), z.number()], rule)
    .default(defaultValue)
    .transform((value) => (/^\d+$/.test(String(value)) ? Number(value) : Number.NaN))
    .refine((value) => value >= minimum && value <= maximum, rule);
}

const apiKeyFields = z.object({
  id: z.string("needs a name").regex(/^[A-Za-z0-9-]{1,64}$/, "must be 1 to 64 of A-Z a-z 0-9 -"),
  sha256: z
    .string("is missing")
    .regex(/^[0-9a-f]{64}$/, "must be the SHA-256 of the whole key in lower-case hex"),
  namespace: z
    .string()
    .regex(/^[a-z0-9-]{1,64}$/, "must match [a-z0-9-]{1,64}, or be null")
    .nullable()
    .default(null),
  scopes: z.array(z.enum(SCOPES, `must be among ${SCOPES.join(", ")}`)),
});

/** What an operator sees and repairs belongs to no namespace: a tenant's key that could do it would reach all the others. */
const apiKeySchema = apiKeyFields.refine(
  ({ namespace, scopes }) => namespace === null || !scopes.includes("operator"),
  "has a namespace and the scope operator: give the operator a key of its own, without a namespace",
);

const PREVIOUS_SHARDS_RULE =
  "must list former generations like 1:8,2:12 (generation:count), each generation once";
/** Every first touch of a player asks each of them once. */
const PREVIOUS_GENERATIONS_MAX = 8;

const previousShardsSchema = z
  .array(
    z
      .string()
      .regex(/^\d{1,4}:\d{1,4}$/, { error: PREVIOUS_SHARDS_RULE, abort: true })
      .transform((pair) => pair.split(":").map(Number))
      .transform(([generation = 0, count = 0]) => ({ generation, count }))
      .refine(({ count }) => count >= 1 && count <= SHARDS_MAX, PREVIOUS_SHARDS_RULE),
  )
  .max(PREVIOUS_GENERATIONS_MAX, `must not list more than ${PREVIOUS_GENERATIONS_MAX} generations`)
  .refine(
    (list) => new Set(list.map(({ generation }) => generation)).size === list.length,
    PREVIOUS_SHARDS_RULE,
  );

/** The vars and secrets as they are written, with the sentence that says what is wrong about each. */
export const varsSchema = z
  .object({
    DEFAULT_NAMESPACE: text.regex(/^[a-z0-9-]{1,64}$/, "must match [a-z0-9-]{1,64}"),
    SHARD_COUNT: integer(8, 1, SHARDS_MAX),
    SHARD_GENERATION: integer(1, 1, GENERATION_MAX),
    PREVIOUS_SHARDS: textOrNothing.default("").transform(commaSeparated).pipe(previousShardsSchema),
    BASE_PATH: textOrNothing
      .regex(/^(\/[\w.~-]+)*$/, "must be empty or like /challenge, without a slash at its end")
      .default(""),
    CORS_ORIGINS: textOrNothing
      .default("")
      .transform(commaSeparated)
      .refine(
        (origins) => origins.every(isOrigin),
        "must be origins like https://play.example.com, separated by commas, or *",
      ),
    JWT_ISSUER: text.min(1, "is empty: set it to the `iss` of your players' tokens"),
    JWT_AUDIENCE: textOrNothing.default(""),
    JWKS_URL: text.refine(
      isKeyAddress,
      "must be an https address (http only on this machine): whoever answers it can be any player",
    ),
    API_KEYS: text
      .transform(parseJson)
      .pipe(z.array(apiKeySchema, "must be a JSON array of keys").max(API_KEYS_MAX)),
    METRICS_TOKEN: textOrNothing
      .default("")
      .transform((token) => (token === "" ? null : token))
      .refine(
        (token) => token === null || METRICS_TOKEN.test(token),
        `must be ${METRICS_TOKEN_LENGTH_MIN} to 256 of A-Z a-z 0-9 . _ ~ + / -, or be empty`,
      ),
    DATABASE_URL: text.regex(
      /^postgres(ql)?:\/\/.+/,
      "must start with postgres:// or postgresql://",
    ),
    DATABASE_HTTP_ENDPOINT: textOrNothing
      .default("")
      .transform((address) => (address === "" ? null : address))
      .refine((address) => address === null || /^https?:\/\/./.test(address), "must be an address"),
    FLUSH_INTERVAL_MS: integer(1_000, 10, 60_000),
    DEDUP_MAX_IDS: integer(1_000_000, 1_000, 5_000_000),
    DEDUP_SECONDS: integer(900, 1, 86_400),
    RESIDENT_MIB: integer(16, 1, 96),
    JOURNAL_OPERATIONS_MAX: integer(200_000, 100, JOURNAL_OPERATIONS_LIMIT),
    LOG_REQUESTS: z.enum(["all", "problems"], "must be all or problems").default("problems"),
    CHALLENGE_CLAIM_GRACE_SECONDS: integer(604_800, 0, 31_536_000),
    GRANT_PARK_AFTER_SECONDS: integer(86_400, 1, 31_536_000),
  })
  .refine(
    ({ PREVIOUS_SHARDS: previous, SHARD_GENERATION: current }) =>
      previous.every(({ generation }) => generation < current),
    { path: ["PREVIOUS_SHARDS"], message: "must list generations below SHARD_GENERATION" },
  );

function commaSeparated(list: string): string[] {
  return list
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function isOrigin(value: string): boolean {
  return value === "*" || (URL.canParse(value) && new URL(value).origin === value);
}

function isKeyAddress(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname } = new URL(value);
  if (protocol === "https:") return true;
  return protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
}

/** Text that is no JSON becomes undefined, which the next check reports without repeating the secret. */
function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
