import type { InboxItem } from "../core/model.js";
import type { StoreChange } from "./contracts.js";

/** One change with the effect of several in a row. */
export function mergeChanges(changes: readonly StoreChange[]): StoreChange {
  const [first] = changes;
  if (first !== undefined && changes.length === 1) return first;
  const position = changes.reduce<StoreChange["position"]>((last, change) => change.position ?? last, undefined);
  const items: readonly InboxItem[] = changes.flatMap((change) => change.items ?? []);
  const outbox = lastWord(changes, ({ putOutbox, removeOutbox }) => [putOutbox, removeOutbox]);
  const sent = lastWord(changes, ({ putSent, removeSent }) => [putSent, removeSent]);
  return {
    ...(position === undefined ? {} : { position }),
    ...(items.length === 0 ? {} : { items }),
    ...named("putOutbox", outbox.put),
    ...named("removeOutbox", outbox.remove),
    ...named("putSent", sent.put),
    ...named("removeSent", sent.remove),
  };
}

/** What was said last about each client id: put or remove. */
function lastWord<Entry extends { readonly clientId: number }>(
  changes: readonly StoreChange[],
  parts: (change: StoreChange) => [readonly Entry[] | undefined, readonly number[] | undefined],
): { put: Entry[]; remove: number[] } {
  const words = new Map<number, Entry | null>();
  for (const change of changes) {
    const [put = [], remove = []] = parts(change);
    for (const id of remove) words.set(id, null);
    for (const entry of put) words.set(entry.clientId, entry);
  }
  const put: Entry[] = [];
  const remove: number[] = [];
  for (const [id, entry] of words) {
    if (entry === null) remove.push(id);
    else put.push(entry);
  }
  return { put, remove };
}

function named<Name extends string, T>(name: Name, list: readonly T[]): { [Key in Name]?: readonly T[] } {
  return (list.length === 0 ? {} : { [name]: list }) as { [Key in Name]?: readonly T[] };
}
