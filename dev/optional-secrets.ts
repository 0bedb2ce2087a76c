/**
 * Secrets that a deployment may do without, and that wrangler.toml therefore cannot name: what it lists as required must be
 * there, and what it lists as a var is no secret.
 */
export const OPTIONAL_SECRETS = ["METRICS_TOKEN", "WEBHOOK_SECRETS", "AGS_CLIENT_SECRET"];
