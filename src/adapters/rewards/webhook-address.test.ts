import { describe, expect, it } from "vitest";

import { webhookAddressProblem } from "./webhook-address.ts";

function isRefused(host: string): boolean {
  return webhookAddressProblem(`https://${host}/grants`, false) !== null;
}

describe("the address of a webhook", () => {
  it.each([
    "rewards.example.com",
    "rewards.example.com:8443",
    "rewards.example.com.",
    "localhost.example.com",
    "bücher.example",
    "1.1.1.1",
    "172.15.0.1",
    "172.32.0.1",
    "100.128.0.1",
    "[2606:4700::1111]",
    "[2001:4860:4860::8888]",
  ])("may name the public host %s", (host) => {
    expect(isRefused(host)).toBe(false);
  });

  it.each([
    ["this machine", "127.0.0.1"],
    ["this machine, by another number", "127.9.9.9"],
    ["this machine, in two parts", "127.1"],
    ["this machine, as one number", "2130706433"],
    ["this machine, in octal", "0177.0.0.1"],
    ["this machine, in hex", "0x7f000001"],
    ["this machine, in full-width digits", "１２７.０.０.１"],
    ["this machine, percent-encoded", "%31%32%37.0.0.1"],
    ["this machine, with a dot at the end", "127.0.0.1."],
    ["any address", "0.0.0.0"],
    ["a private network", "10.1.2.3"],
    ["the end of a private network", "172.31.255.255"],
    ["a home network", "192.168.0.1"],
    ["a carrier's network", "100.64.0.1"],
    ["the metadata service of a cloud", "169.254.169.254"],
    ["a test network", "198.18.0.1"],
    ["documentation", "203.0.113.9"],
    ["a multicast group", "224.0.0.1"],
    ["everybody", "255.255.255.255"],
    ["IPv6 loopback", "[::1]"],
    ["no IPv6 address", "[::]"],
    ["IPv6 link-local", "[fe80::1]"],
    ["IPv6 unique local", "[fd00:ec2::254]"],
    ["IPv4 in IPv6", "[::ffff:8.8.8.8]"],
    ["IPv4 loopback in IPv6", "[::ffff:7f00:1]"],
    ["NAT64", "[64:ff9b::7f00:1]"],
    ["6to4", "[2002:7f00:1::]"],
    ["Teredo", "[2001::1]"],
    ["IPv6 documentation", "[2001:db8::1]"],
    ["IPv6 multicast", "[ff02::1]"],
    ["this machine by name", "localhost"],
    ["this machine by name, with a dot", "LOCALHOST."],
    ["a name below it", "api.localhost"],
    ["a single label", "intranet"],
    ["a name of multicast DNS", "printer.local"],
    ["a cloud's metadata name", "metadata.google.internal"],
    ["a home name", "nas.home.arpa"],
  ])("may not name %s", (_, host) => {
    expect(isRefused(host)).toBe(true);
    expect(webhookAddressProblem(`http://${host}/`, true)).toBeNull();
  });

  it("must be https", () => {
    for (const address of ["http://rewards.example.com", "ftp://rewards.example.com", "rewards"]) {
      expect(webhookAddressProblem(address, false)).toMatch(/https/);
    }
    expect(webhookAddressProblem("ftp://127.0.0.1", true)).toMatch(/https/);
  });

  it("must not hold credentials, wherever it leads", () => {
    for (const address of ["https://user@rewards.example.com", "https://:hunter2@127.0.0.1"]) {
      expect(webhookAddressProblem(address, true)).toMatch(/user name or password/);
    }
  });

  it("is not repeated by the sentence about it", () => {
    for (const address of ["https://10.0.0.1/hunter2", "http://a.example/?k=hunter2", "hunter2"]) {
      expect(webhookAddressProblem(address, false)).toMatch(/^must (?!.*hunter2)/);
    }
  });
});
