import { expect, test } from "vitest";

import { parseLoadtestArguments } from "./arguments.ts";

test("a scenario alone runs at its own length and names the report", () => {
  expect(parseLoadtestArguments(["combined"])).toEqual({
    scenario: "combined",
    isFull: false,
    scale: 1,
    name: "combined",
    isProfiled: false,
    generator: "own",
    shards: 1,
  });
  expect(parseLoadtestArguments(["combined", "--full"]).name).toBe("combined-full");
  expect(
    parseLoadtestArguments(["knee", "--scale=0.5", "--name", "before", "--profile"]),
  ).toMatchObject({ scale: 0.5, name: "before", isProfiled: true });
});

test("the number of shards can be chosen", () => {
  expect(parseLoadtestArguments(["knee", "--shards", "8"]).shards).toBe(8);
  expect(() => parseLoadtestArguments(["knee", "--shards", "none"])).toThrow("from 1 to 64");
});

test("k6 sends the load when it is asked for, and not otherwise", () => {
  expect(parseLoadtestArguments(["combined", "--generator", "k6"]).generator).toBe("k6");
  expect(parseLoadtestArguments(["combined", "--generator", "own"]).generator).toBe("own");
  expect(() => parseLoadtestArguments(["combined", "--generator", "wrk"])).toThrow('"wrk"');
  expect(() => parseLoadtestArguments(["ingest", "--generator", "k6"])).toThrow("no k6 script");
});

test("what cannot be done is said, with the scenarios that there are", () => {
  expect(() => parseLoadtestArguments([])).toThrow(/Name one scenario[^]*init-burst, combined/);
  expect(() => parseLoadtestArguments(["toString"])).toThrow('no scenario "toString"');
  expect(() => parseLoadtestArguments(["knee", "--full"])).toThrow("--full goes with combined");
  expect(() => parseLoadtestArguments(["knee", "--scale=0"])).toThrow("--scale");
  expect(() => parseLoadtestArguments(["knee", "--name=../x"])).toThrow("--name");
  expect(() => parseLoadtestArguments(["knee", "--quick"])).toThrow("quick");
});
