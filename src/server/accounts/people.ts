import type { UserStore } from "../../adapters/contracts/index.js";
import type { UserId } from "../../core/model.js";
import type { AuthOptions } from "../auth.js";
import type { Deadlines } from "../deadlines.js";
import type { NamedUser } from "../im-accounts.js";

/** Who there is: the application's own users, or the built-in ones. */
export interface People {
  exists(userId: UserId): Promise<boolean>;
  /** The same users in the same order, with their nicknames if the users are built in. */
  name(userIds: readonly UserId[]): Promise<readonly NamedUser[]>;
}

/** @param users `null` where the application has users of its own */
export function createPeople(auth: AuthOptions, users: UserStore | null, deadlines: Deadlines): People {
  return {
    exists: async (userId) => {
      if (auth.exists === undefined) return true;
      return deadlines.within("auth.exists", () => auth.exists?.(userId) ?? true);
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
