import { createServer } from "node:net";

import { expect, test } from "vitest";

import { findFreePort, isPortFree, LOOPBACK, portTakenMessage } from "./ports.ts";

test("a port is free until somebody listens on it, and again afterwards", async () => {
  const port = await findFreePort();
  expect(await isPortFree(port)).toBe(true);
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(port, LOOPBACK, resolve);
  });
  expect(await isPortFree(port)).toBe(false);
  await new Promise((resolve) => server.close(resolve));
  expect(await isPortFree(port)).toBe(true);
});

test("a port is below the ranges that outgoing connections take their near end from, and never given twice", async () => {
  const ports = await Promise.all(Array.from({ length: 20 }, findFreePort));
  expect(new Set(ports).size).toBe(20);
  expect(Math.max(...ports)).toBeLessThan(32_768);
  expect(Math.min(...ports)).toBeGreaterThanOrEqual(10_000);
});

test("the message names the port and one that exists instead", () => {
  expect(portTakenMessage(8787)).toContain("Port 8787");
  expect(portTakenMessage(8787)).toContain("PORT=8788 npm run dev");
  expect(portTakenMessage(65_535)).toContain("PORT=65534 npm run dev");
});
