/** IPv4 networks that are not the public internet (IANA's special-purpose registry), as [first address, prefix length]. */
const SPECIAL_IPV4: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
];

/** Endings of names that no public DNS answers, or that answer with something inside; RFC 6762, 6761, 8375 and habit. */
const INTERNAL_ENDINGS = [
  "localhost",
  "local",
  "localdomain",
  "internal",
  "intranet",
  "private",
  "corp",
  "home",
  "lan",
  "home.arpa",
  "test",
  "invalid",
];

/**
 * Whether a host, as `new URL(…).hostname` writes it, can be a service on the public internet.
 *
 * Looks at the text alone: what a public name resolves to, then or later, it does not know. Odd spellings of addresses
 * (0x7f.1, 2130706433, ①②⑦.0.0.1) are made regular by the URL parser before.
 */
export function isPublicHost(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/\.$/, "");
  if (host.startsWith("[")) return isPublicIpv6(host.slice(1, -1));
  if (/^\d+(\.\d+){3}$/.test(host)) return isPublicIpv4(host);
  if (!host.includes(".")) return false;
  return !INTERNAL_ENDINGS.some((ending) => host === ending || host.endsWith(`.${ending}`));
}

function isPublicIpv4(address: string): boolean {
  return !SPECIAL_IPV4.some(([network, bits]) => {
    const size = 2 ** (32 - bits);
    return Math.floor(ipv4Number(address) / size) === Math.floor(ipv4Number(network) / size);
  });
}

function ipv4Number(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

/**
 * Only 2000::/3 is assigned to the internet: loopback, unique local, link-local, v4-mapped and NAT64 addresses are outside.
 * In it, 2001::/23 (Teredo and protocols), 2001:db8::/32 and 3fff::/20 (documentation) and 2002::/16 (6to4) are not hosts.
 */
function isPublicIpv6(address: string): boolean {
  const [first = 0, second = 0] = address.split(":").map((group) => Number.parseInt(group, 16));
  // `::` within the first two groups leaves NaN where zeros are.
  const [high, low] = [first, Number.isNaN(second) ? 0 : second];
  if (Number.isNaN(high) || high < 0x2000 || high > 0x3fff) return false;
  if (high === 0x2001 && (low < 0x200 || low === 0xdb8)) return false;
  return high !== 0x2002 && !(high === 0x3fff && low < 0x1000);
}
