import type { MessageStore } from "../../adapters/contracts/index.js";
import type { StorageWatch } from "../health/storage-watch.js";

/**
 * A store that answers in time: `unavailable` when `store` does not. What repeats the call is harmless. Of each answer, and of
 * there being none, `watch` learns.
 */
export function impatientStore(store: MessageStore, watch: StorageWatch): MessageStore {
  return {
    commit: (batch) => watch.writing(() => store.commit(batch)),
    readInbox: (userId, after, limit) => watch.reading(() => store.readInbox(userId, after, limit)),
    readHeads: (userIds) => watch.reading(() => store.readHeads(userIds)),
    readConversation: (viewerId, target, before, limit) =>
      watch.reading(() => store.readConversation(viewerId, target, before, limit)),
  };
}
