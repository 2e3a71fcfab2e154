import type { MessageStore } from "../../adapters/contracts/index.js";
import type { Deadlines } from "../deadlines.js";

/** A store that answers in time: `unavailable` when `store` does not. What repeats the call is harmless. */
export function impatientStore(store: MessageStore, deadlines: Deadlines): MessageStore {
  const within = <T>(call: () => Promise<T>): Promise<T> => deadlines.within("the storage", call);
  return {
    commit: (batch) => within(() => store.commit(batch)),
    readInbox: (userId, after, limit) => within(() => store.readInbox(userId, after, limit)),
    readHeads: (userIds) => within(() => store.readHeads(userIds)),
    readConversation: (viewerId, target, before, limit) =>
      within(() => store.readConversation(viewerId, target, before, limit)),
  };
}
