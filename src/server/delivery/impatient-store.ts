import type { MessageStore } from "../../adapters/contracts/index.js";
import { ImError } from "../../core/errors.js";
import type { Runtime } from "../../core/runtime.js";

/** A call that has not come back by now counts as failed (a commit: as unknown). What repeats it is harmless. */
const DEADLINE_MS = 10_000;

/**
 * A store that answers in time: `unavailable` when `store` does not. Without it one call that hangs would stop a stream, or
 * a lane of commits, for ever.
 */
export function impatientStore(store: MessageStore, runtime: Runtime): MessageStore {
  return {
    commit: (batch) => inTime(runtime, store.commit(batch)),
    readInbox: (userId, after, limit) => inTime(runtime, store.readInbox(userId, after, limit)),
    readHeads: (userIds) => inTime(runtime, store.readHeads(userIds)),
  };
}

function inTime<T>(runtime: Runtime, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = runtime.setTimer(DEADLINE_MS, () => {
      reject(new ImError("unavailable", { message: `the storage did not answer within ${DEADLINE_MS} ms` }));
    });
    work.then(resolve, reject).finally(cancel);
  });
}
