/**
 * Migrated once per run by `database-server.ts`, copied for every caller of `freshDatabase()`.
 *
 * In a file of its own: a globalSetup must not import what imports vitest.
 */
export const TEMPLATE_DATABASE = "gauntlet_template";
