/** What a node says of itself when the parts of the topic are shared out anew. */
export interface Claimant {
  readonly id: string;
  /** It takes nothing further, and keeps only what it has in hand. */
  readonly isRetiring: boolean;
  /** Parts of which it has records in hand. */
  readonly held: readonly number[];
  /** Parts that were its own until now. */
  readonly owned: readonly number[];
}

/**
 * Shares partitions among nodes, as evenly as it goes: so that whoever has records in hand keeps their part and nobody else is brought
 * them, and as few parts as possible change hands. Every node comes to the same result.
 */
export function sharePartitions(partitions: readonly number[], claimants: readonly Claimant[]): Map<string, number[]> {
  const shares = new Map(claimants.map(({ id }) => [id, [] as number[]]));
  const free = new Set(partitions);
  const give = (id: string, wanted: readonly number[], max: number): void => {
    const share = shares.get(id) ?? [];
    for (const one of wanted) if (share.length < max && free.delete(one)) share.push(one);
  };
  for (const { id, held } of claimants.filter(({ isRetiring }) => isRetiring)) give(id, held, partitions.length);
  const active = claimants.filter(({ isRetiring }) => !isRetiring).sort(byOwned);
  const quotas = quotasOf(free.size, active.length);
  for (const [place, { id, held }] of active.entries()) give(id, held, quotas[place] ?? 0);
  for (const [place, { id, owned }] of active.entries()) give(id, owned, quotas[place] ?? 0);
  for (const [place, { id }] of active.entries()) give(id, [...free], quotas[place] ?? 0);
  return shares;
}

/** Who has the most comes first: the larger shares are theirs. */
function byOwned(a: Claimant, b: Claimant): number {
  return b.owned.length - a.owned.length || (a.id < b.id ? -1 : 1);
}

function quotasOf(parts: number, nodes: number): number[] {
  return Array.from({ length: nodes }, (_, place) => Math.floor(parts / nodes) + (place < parts % nodes ? 1 : 0));
}
