import { type ClientStore, memoryStore } from "shyim/client";

/** A memory store that counts how often a reset sent its client back. */
export interface WatchedStore extends ClientStore {
  /** How often the cursor was saved lower than it had been. */
  readonly setbacks: number;
}

export function watchedStore(): WatchedStore {
  const store = memoryStore();
  let cursor = 0;
  let setbacks = 0;
  return {
    load: () => store.load(),
    known: (messageIds) => store.known(messageIds),
    close: () => store.close(),
    apply: async (change) => {
      await store.apply(change);
      const next = change.position?.cursor ?? cursor;
      if (next < cursor) setbacks++;
      cursor = next;
    },
    get setbacks() {
      return setbacks;
    },
  };
}
