import type { Storage } from "../../../src/adapters/contracts/index.js";
import type { History } from "../../../src/testing/simulation/history.js";
import type { Cast } from "./cast.js";

/** Nobody signs in with a password here. */
const NO_PASSWORD = "none";

/** Makes the accounts and groups of a cast in a storage that has its tables. */
export async function settleIn(
  storage: Pick<Storage, "users" | "groups">,
  cast: Cast,
  history: History,
): Promise<void> {
  const userIds = [cast.ownerId, ...cast.userIds, ...cast.fillerIds];
  for (const [index, id] of userIds.entries()) {
    const phoneNumber = `+100${String(index).padStart(7, "0")}`;
    await storage.users.create({ id, phoneNumber, nickname: id, passwordHash: NO_PASSWORD });
  }
  for (const { id: groupId, memberIds } of cast.groups) {
    for (const userId of [cast.ownerId, ...memberIds]) history.record({ kind: "adding", groupId, userId });
    await storage.groups.create({ id: groupId, name: groupId, ownerId: cast.ownerId, memberIds });
    for (const userId of [cast.ownerId, ...memberIds]) history.record({ kind: "added", groupId, userId });
  }
}
