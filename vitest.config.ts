import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

/** Tests are sorted by what they need; the suffix of the file says it. */
export default defineConfig({
  test: {
    // Postgres, workerd and the tests share the machine: more workers only make them wait for each other.
    maxWorkers: 2,
    reporters: ["default", "./test/support/closing-line-reporter.ts"],
    projects: [
      {
        test: {
          name: "node",
          include: ["{src,dev,test,loadtest,drizzle}/**/*.test.ts"],
          exclude: ["**/*.{pg,worker,stack}.test.ts"],
          // Property tests take a second or two; on a busy machine several times that.
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: "pg",
          include: ["{src,dev,test,drizzle}/**/*.pg.test.ts"],
          globalSetup: ["dev/testing/database-server.ts"],
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      {
        plugins: [
          cloudflareTest(async ({ inject }) => {
            const { databaseUrl, endpointUrl } = inject("workerDatabase");
            return {
              wrangler: { configPath: "./wrangler.toml" },
              miniflare: {
                bindings: {
                  DATABASE_URL: databaseUrl,
                  DATABASE_HTTP_ENDPOINT: endpointUrl,
                  JWKS_URL: "http://127.0.0.1:9/jwks.json",
                  JWT_ISSUER: "http://issuer.test",
                  API_KEYS: "[]",
                },
              },
            };
          }),
        ],
        test: {
          name: "worker",
          include: ["{src,test}/**/*.worker.test.ts"],
          globalSetup: ["dev/testing/database-server.ts", "dev/testing/worker-database.ts"],
          fileParallelism: false,
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "stack",
          include: ["{dev,test,loadtest}/**/*.stack.test.ts"],
          globalSetup: ["test/stack/shared-stack.ts"],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
