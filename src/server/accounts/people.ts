import type { UserStore } from "../../adapters/contracts/index.js";
import type { UserId } from "../../core/model.js";
import type { AuthOptions } from "../auth.js";
import type { Deadlines } from "../deadlines.js";
import type { NamedUser } from "../im-accounts.js";
import { findInBatches } from "./find-in-batches.js";

/** Who there is: the application's own users, or the built-in ones. */
export interface People {
  exists(userId: UserId): Promise<boolean>;
  /** The first of some users who does not exist. */
  findMissing(userIds: readonly UserId[]): Promise<UserId | undefined>;
  /** The same users in the same order, with their nicknames if the users are built in. */
  name(userIds: readonly UserId[]): Promise<readonly NamedUser[]>;
}

/** @param users `null` where the application has users of its own */
export function createPeople(auth: AuthOptions, users: UserStore | null, deadlines: Deadlines): People {
  const exists = async (userId: UserId): Promise<boolean> => {
    if (auth.exists === undefined) return true;
    return deadlines.within("auth.exists", () => auth.exists?.(userId) ?? true);
  };
  return {
    exists,
    findMissing: async (userIds) => {
      const known = users === null ? null : await findInBatches(users, userIds);
      for (const userId of userIds) if (!(known?.has(userId) ?? (await exists(userId)))) return userId;
      return undefined;
    },
    name: async (userIds) => {
      const known = await users?.findMany(userIds);
      return userIds.map((userId) => {
        const nickname = known?.get(userId)?.nickname;
        return nickname === undefined ? { userId } : { userId, nickname };
      });
    },
  };
}
