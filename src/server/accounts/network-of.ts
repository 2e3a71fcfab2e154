const GROUPS = 8;
/** An IPv6 network that one customer gets has 64 bits. */
const NETWORK_GROUPS = 4;

/**
 * What counts as one address in budgets: an IPv4 address, and of an IPv6 address its /64, since whoever has one address there
 * has all of them. Any other text stands for itself; no address is `""`.
 */
export function networkOf(address: string | null): string {
  const text = (address ?? "").toLowerCase();
  const [bare = ""] = text.split("%");
  if (!bare.includes(":") || bare.includes(".")) return text;
  const [head = "", tail, ...rest] = bare.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  if (rest.length > 0 || before.length + after.length > GROUPS) return text;
  const zeros = tail === undefined ? 0 : GROUPS - before.length - after.length;
  const groups = [...before, ...Array.from({ length: zeros }, () => "0"), ...after];
  return groups.slice(0, NETWORK_GROUPS).map(withoutZeros).join(":");
}

const withoutZeros = (group: string): string => group.slice(0, -1).replace(/^0+/, "") + group.slice(-1);
