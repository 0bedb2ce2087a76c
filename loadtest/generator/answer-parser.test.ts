import { expect, test } from "vitest";

import { AnswerParser, type HttpAnswer } from "./answer-parser.ts";

const SIZED = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: W/"a-1"\r\n\r\nhello';
const CHUNKED =
  "HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n";

function parse(pieces: readonly string[], keepsBody = true): HttpAnswer | null {
  const parser = new AnswerParser();
  parser.expect(keepsBody);
  let answer: HttpAnswer | null = null;
  for (const piece of pieces) answer = parser.push(Buffer.from(piece));
  return answer;
}

test("an answer reads the same however the network cuts it", () => {
  const whole = { status: 200, etag: 'W/"a-1"', body: "hello", bytes: 5, closes: false };
  for (let cut = 1; cut < SIZED.length; cut += 1) {
    expect(parse([SIZED.slice(0, cut), SIZED.slice(cut)])).toEqual(whole);
  }
  const chunked = { status: 202, etag: null, body: "hello world", bytes: 11, closes: false };
  for (let cut = 1; cut < CHUNKED.length; cut += 1) {
    expect(parse([CHUNKED.slice(0, cut), CHUNKED.slice(cut)])).toEqual(chunked);
  }
  expect(parse(CHUNKED.split(""))).toEqual(chunked);
});

test("a body that nobody asked for is counted and dropped", () => {
  expect(parse([CHUNKED], false)).toMatchObject({ body: "", bytes: 11 });
});

test("answers without a body end with their headers, and the next one is read from there", () => {
  const parser = new AnswerParser();
  parser.expect(true);
  expect(parser.push(Buffer.from("HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n"))).toMatchObject({
    status: 304,
    etag: "x",
  });
  parser.expect(true);
  expect(parser.push(Buffer.from(SIZED))).toMatchObject({ status: 200, body: "hello" });
});

test("what is not HTTP, or has no length, is an error and not an endless wait", () => {
  expect(() => parse(["SSH-2.0-OpenSSH\r\n\r\n"])).toThrow("Not an HTTP answer");
  expect(() => parse(["HTTP/1.1 200 OK\r\n\r\n"])).toThrow("does not tell its length");
});
