import { expect, test } from "vitest";

import { FailureError } from "../core/errors.ts";
import { readBytes } from "./body-bytes.ts";
import { uncheckedJsonBody } from "./body.ts";

const LIMIT = 1_000;

async function gzip(text: string): Promise<ArrayBuffer> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

function aRequest(body: BodyInit | null, encoding?: string): Request {
  const headers = new Headers({ "Content-Type": "application/json" });
  if (encoding !== undefined) headers.set("Content-Encoding", encoding);
  return new Request("http://localhost/", { method: "POST", body, headers });
}

async function textOf(request: Request): Promise<string> {
  return new TextDecoder().decode(await readBytes(request, LIMIT));
}

test("workerd's streams give the body, zipped or not, up to the limit", async () => {
  const text = "x".repeat(LIMIT);
  expect(await textOf(aRequest(text))).toBe(text);
  expect(await textOf(aRequest(await gzip(text), "gzip"))).toBe(text);
  expect(await textOf(aRequest(null))).toBe("");
  expect(await textOf(aRequest(""))).toBe("");
});

test("workerd stops unpacking at the limit, and what is no gzip is the caller's fault", async () => {
  const large = { failure: { code: "BODY_TOO_LARGE" } };
  await expect(textOf(aRequest("x".repeat(LIMIT + 1)))).rejects.toMatchObject(large);
  const bomb = aRequest(await gzip("x".repeat(20_000_000)), "gzip");
  await expect(textOf(bomb)).rejects.toMatchObject(large);
  const invalid = { failure: { code: "INVALID_JSON" } };
  await expect(textOf(aRequest("no gzip", "gzip"))).rejects.toMatchObject(invalid);
  const cut = (await gzip("x".repeat(500))).slice(0, 20);
  await expect(textOf(aRequest(cut, "gzip"))).rejects.toMatchObject(invalid);
});

test("workerd counts what comes without a length, and after the first gzip member", async () => {
  let pulls = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      pulls++;
      controller.enqueue(new Uint8Array(100));
    },
  });
  await expect(textOf(aRequest(endless))).rejects.toMatchObject({
    failure: { code: "BODY_TOO_LARGE" },
  });
  expect(pulls).toBeLessThan(100);
  const member = new Uint8Array(await gzip("x".repeat(600)));
  for (const rest of [member, new Uint8Array(600)]) {
    const several = aRequest(new Uint8Array([...member, ...rest]), "gzip");
    // One of the two, or the first member alone: never more than the limit, and never a fault of ours.
    const outcome = await textOf(several).catch((error: unknown) => error);
    const isRefused = outcome instanceof FailureError;
    expect(isRefused ? outcome.failure.code : String(outcome)).toMatch(
      /^(BODY_TOO_LARGE|INVALID_JSON|x{600})$/,
    );
  }
});

test("workerd's decoder refuses what is no UTF-8, and knows nothing of it at the next body", async () => {
  const body = uncheckedJsonBody(LIMIT);
  const whole = new TextEncoder().encode('"é"');
  const cut = body.read(aRequest(whole.slice(0, 2)));
  await expect(cut).rejects.toMatchObject({ failure: { code: "INVALID_JSON" } });
  expect(await body.read(aRequest(whole))).toBe("é");
});
