import { expect, test } from "vitest";

import { clientNetwork } from "./client-network.ts";

function networkOf(address: string): string {
  return clientNetwork(new Request("http://x/", { headers: { "CF-Connecting-IP": address } }));
}

test("an IPv4 address is counted by itself", () => {
  expect(networkOf("192.0.2.1")).toBe("192.0.2.1");
  expect(networkOf("192.0.2.2")).not.toBe(networkOf("192.0.2.1"));
});

test.each([
  ["2001:db8:1:2::1", "2001:db8:1:2::/64"],
  ["2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"],
  ["2001:0DB8:0001:0002::1", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["2001:db8::3:4:5:6:7", "2001:db8:0:3::/64"],
  ["::1", "0:0:0:0::/64"],
  ["::ffff:192.0.2.1", "0:0:0:0::/64"],
  [":::::", ":"],
])("%s is counted as one of %s", (address, network) => {
  expect(networkOf(address)).toContain(network);
});

test("a neighbouring IPv6 network is another one", () => {
  expect(networkOf("2001:db8:1:3::1")).not.toBe(networkOf("2001:db8:1:2::1"));
});

test("without the platform's header everybody is one, whatever other headers say", () => {
  const headers = { "X-Forwarded-For": "192.0.2.1" };
  expect(clientNetwork(new Request("http://x/", { headers }))).toBe("unknown");
});
