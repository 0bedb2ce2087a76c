/** What the demo does; every figure is small enough for a laptop and large enough to see a loss. */
export const DEMO_PLAYERS = 200;
export const DEMO_EVENTS = 20_000;
/** Events per request; the contract allows 500. */
export const DEMO_BATCH_EVENTS = 100;
/** Game servers that send side by side; each has players of its own, whose events it sends in order. */
export const DEMO_SERVERS = 8;
/** One event in so many is sent a second time on purpose, in a later batch. */
export const DEMO_DUPLICATE_EVERY = 20;
/** Goals that each player has at least, before the events start. */
export const DEMO_ACTIVE_GOALS_MIN = 3;
/** How long the demo waits for a stack that went away. */
export const DEMO_PATIENCE_MS = 60_000;
/** How long Postgres may take to hold everything: the promise is about one second. */
export const DEMO_SETTLE_MS = 30_000;
