import type { User, UserStore } from "../../adapters/contracts/index.js";
import type { UserId } from "../../core/model.js";

/** Users read at once: what every database takes as one list. */
const BATCH = 500;

/** Those of the users that exist, each under their id; however many are asked for. */
export async function findInBatches(store: UserStore, userIds: readonly UserId[]): Promise<ReadonlyMap<UserId, User>> {
  const distinct = [...new Set(userIds)];
  const found = new Map<UserId, User>();
  for (let from = 0; from < distinct.length; from += BATCH) {
    for (const [id, user] of await store.findMany(distinct.slice(from, from + BATCH))) found.set(id, user);
  }
  return found;
}
