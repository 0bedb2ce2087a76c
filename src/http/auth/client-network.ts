/**
 * The network that a request comes from, to count its requests by: an IPv4 address, or an IPv6 /64.
 *
 * A household or a rented machine has a whole /64 to itself, and could send each request from another address of it. The header
 * is the platform's, which overwrites what a client sends; without it (not behind the platform) everybody is one.
 */
export function clientNetwork(request: Request): string {
  const address = request.headers.get("CF-Connecting-IP");
  if (address === null) return "unknown";
  return address.includes(":") ? ipv6Network(address) : address;
}

/** Groups of 16 bits in a /64. */
const NETWORK_GROUPS = 4;
const ALL_GROUPS = 8;

/** The first 64 bits, whether or not `::` stands in them. What is no address comes out as something, and always as the same. */
function ipv6Network(address: string): string {
  const [head = "", tail] = address.toLowerCase().split("::", 2);
  const before = groupsOf(head);
  const after = tail === undefined ? [] : groupsOf(tail);
  const zeros = Math.max(0, ALL_GROUPS - before.length - after.length);
  const groups = [...before, ...Array.from({ length: zeros }, () => "0"), ...after];
  return `${groups.slice(0, NETWORK_GROUPS).join(":")}::/64`;
}

function groupsOf(part: string): string[] {
  // An IPv4 address at the end stands for two groups, neither of them among the first four unless there is no `::`.
  return part === "" ? [] : part.split(":").map((group) => group.replace(/^0+(?=.)/, ""));
}
