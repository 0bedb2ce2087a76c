import { describe, expect, test } from "vitest";

import { aDeadLetter } from "../../../test/support/fake-dead-letters.ts";
import { FakeServices, LIVE_OPS, OPERATOR } from "../../../test/support/fake-services.ts";
import { refuse } from "../../core/errors.ts";
import { DEAD_LETTERS_PER_PAGE_MAX, LETTER_OPERATIONS_SHOWN_MAX } from "../../core/limits.ts";

const PATH = "/v1/admin/dead-letters";

function withLetters(...wishes: Parameters<typeof aDeadLetter>[0][]): FakeServices {
  const services = new FakeServices();
  services.deadLetters.letters.push(
    ...wishes.map((wish, index) => aDeadLetter({ id: index + 1, ...wish })),
  );
  return services;
}

async function call(services: FakeServices, method: string, path: string, headers = OPERATOR) {
  const response = await services.request(PATH + path, { method, headers });
  return { status: response.status, body: await response.json() };
}

describe("GET /v1/admin/dead-letters", () => {
  test("lists the open ones with what they hold, for an operator only", async () => {
    const services = withLetters({}, { state: "retried", settledAt: 2_000 });
    const { status, body } = await call(services, "GET", "");
    expect(status).toBe(200);
    expect(body).toEqual({
      deadLetters: [
        {
          id: 1,
          shard: "g1-8-0",
          namespace: "default",
          userId: "ada",
          state: "open",
          createdAt: "1970-01-01T00:00:01.000Z",
          settledAt: null,
          error: "value out of range",
          operationCount: 1,
          operations: [
            {
              position: 1,
              at: "1970-01-01T00:00:01.000Z",
              catalogVersion: "1".repeat(64),
              operation: { kind: "initialize" },
            },
          ],
        },
      ],
      next: null,
    });
    expect((await call(services, "GET", "", LIVE_OPS)).status).toBe(403);
  });

  test("lists those in another state, and does not name who was erased", async () => {
    const services = withLetters(
      {},
      { state: "discarded", player: { namespace: "default", userId: "" }, operations: [] },
    );
    const { body } = await call(services, "GET", "?state=discarded");
    expect(body.deadLetters).toMatchObject([{ id: 2, userId: null, operationCount: 0 }]);
    expect((await call(services, "GET", "?state=all")).body.deadLetters).toHaveLength(2);
    expect((await call(services, "GET", "?state=lost")).status).toBe(400);
  });

  test("answers a page at a time, and of a long letter its beginning", async () => {
    const [operation] = aDeadLetter().operations;
    const operations = Array.from({ length: 150 }, () => operation).flatMap((each) => each ?? []);
    const many = Array.from({ length: DEAD_LETTERS_PER_PAGE_MAX + 1 }, () => ({ operations }));
    const services = withLetters(...many);
    const first = await call(services, "GET", "");
    expect(first.body.next).toBe(DEAD_LETTERS_PER_PAGE_MAX);
    expect(first.body.deadLetters[0].operationCount).toBe(150);
    expect(first.body.deadLetters[0].operations).toHaveLength(LETTER_OPERATIONS_SHOWN_MAX);
    const second = await call(services, "GET", `?after=${first.body.next}`);
    expect(second.body).toMatchObject({
      deadLetters: [{ id: DEAD_LETTERS_PER_PAGE_MAX + 1 }],
      next: null,
    });
    expect((await call(services, "GET", "?after=x")).status).toBe(400);
  });
});

describe("POST /v1/admin/dead-letters/{id}/retry", () => {
  test("says what became of each operation, and marks a letter whose operations were all taken", async () => {
    const services = withLetters({});
    const { status, body } = await call(services, "POST", "/1/retry");
    expect(status).toBe(200);
    expect(body).toEqual({
      id: 1,
      state: "retried",
      operations: [{ position: 1, kind: "initialize", status: "taken", detail: null }],
    });
    expect(services.deadLetters.letters[0]?.state).toBe("retried");
  });

  test("leaves a letter open of which something was refused", async () => {
    const services = withLetters({});
    services.players.retryOutcome = (operations) => ({
      ok: true,
      value: operations.map(({ position }) => ({ position, status: "refused", detail: "Odd." })),
    });
    const { body } = await call(services, "POST", "/1/retry");
    expect(body).toMatchObject({ state: "open", operations: [{ detail: "Odd." }] });
    expect(services.deadLetters.letters[0]?.state).toBe("open");
  });

  test.each(["taken", "refused"] as const)(
    "says that another operator discarded the letter meanwhile (%s)",
    async (status) => {
      const services = withLetters({});
      services.players.retryOutcome = (operations) => {
        void services.deadLetters.settle(1, "discarded");
        return {
          ok: true,
          value: operations.map(({ position }) => ({ position, status, detail: null })),
        };
      };
      const answer = await call(services, "POST", "/1/retry");
      expect(answer).toMatchObject({
        status: 200,
        body: { state: "discarded", operations: [{ status }] },
      });
      expect(services.deadLetters.letters[0]?.state).toBe("discarded");
    },
  );

  test("leaves it open when the shard refuses the call", async () => {
    const services = withLetters({});
    services.players.retryOutcome = () => refuse("SHARD_OVERLOADED", "Later.");
    expect((await call(services, "POST", "/1/retry")).status).toBe(503);
    expect(services.deadLetters.letters[0]?.state).toBe("open");
  });
});

describe("POST /v1/admin/dead-letters/{id}/discard", () => {
  test("marks the letter", async () => {
    const services = withLetters({});
    expect(await call(services, "POST", "/1/discard")).toEqual({
      status: 200,
      body: { id: 1, state: "discarded" },
    });
    expect(services.deadLetters.letters[0]?.state).toBe("discarded");
    expect(services.players.retried).toEqual([]);
  });

  test("that loses against another operator says how the letter was settled", async () => {
    const services = withLetters({});
    services.deadLetters.settle = async () => {
      services.deadLetters.letters[0] = aDeadLetter({ state: "retried" });
      return false;
    };
    expect(await call(services, "POST", "/1/discard")).toMatchObject({
      status: 409,
      body: { code: "CONFLICT", state: "retried" },
    });
  });
});

describe.each(["retry", "discard"])("POST …/{id}/%s", (action) => {
  test.each(["2", "0", "-1", "1.5", "x", "9".repeat(30)])(
    "of a letter that is not there (%s) answers 404",
    async (id) => {
      const answer = await call(withLetters({}), "POST", `/${id}/${action}`);
      expect(answer).toMatchObject({ status: 404, body: { code: "NOT_FOUND" } });
    },
  );

  test("of a settled letter answers 409 with its state", async () => {
    const services = withLetters({ state: "retried" });
    const answer = await call(services, "POST", `/1/${action}`);
    expect(answer).toMatchObject({ status: 409, body: { code: "CONFLICT", state: "retried" } });
    expect(services.players.retried).toEqual([]);
  });

  test("is for operators only", async () => {
    expect((await call(withLetters({}), "POST", `/1/${action}`, LIVE_OPS)).status).toBe(403);
  });
});
