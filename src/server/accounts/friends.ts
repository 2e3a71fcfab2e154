import type { BlockStore, FriendStore } from "../../adapters/contracts/index.js";
import { ImError } from "../../core/errors.js";
import { assertId, describe, invalidArgument, type UserId } from "../../core/model.js";
import type { ServerFriends } from "../im-accounts.js";
import type { FindByPhoneNumber } from "./find-by-phone-number.js";
import type { People } from "./people.js";

/** What friendships need. */
export interface ServerFriendsServices {
  readonly friends: FriendStore;
  readonly blocks: BlockStore;
  readonly people: People;
  readonly findByPhoneNumber: FindByPhoneNumber;
  /** What one user may have of each. Beyond: `too_large`. */
  readonly limits: { readonly maxFriends: number; readonly maxBlocked: number };
  /** Throws `unavailable` unless the server runs. */
  readonly assertRunning: () => void;
}

/** Friends and blocks: arguments and rules are checked here, everything else is the storage's. */
export function createServerFriends(services: ServerFriendsServices): ServerFriends {
  const { friends, blocks, people, findByPhoneNumber, limits, assertRunning } = services;
  const check = (userId: unknown, otherId: unknown, what: string): void => {
    assertRunning();
    assertId(userId, "userId");
    assertId(otherId, what);
    if (userId === otherId) throw invalidArgument(`${what} must be somebody else`, otherId);
  };
  const befriend = async (userId: UserId, friendId: UserId): Promise<boolean> => {
    if ((await blocks.whoHasBlocked(userId, [friendId])).size > 0) throw new ImError("blocked");
    return friends.add(userId, friendId, limits.maxFriends);
  };
  return {
    add: async (userId, friendId) => {
      check(userId, friendId, "friendId");
      await assertExists(people, friendId);
      return befriend(userId, friendId);
    },
    addByPhoneNumber: async (userId, phoneNumber, from) => {
      assertRunning();
      const friend = await findByPhoneNumber(userId, phoneNumber, from);
      return { ...friend, changed: await befriend(userId, friend.userId) };
    },
    remove: async (userId, friendId) => {
      check(userId, friendId, "friendId");
      return friends.remove(userId, friendId);
    },
    list: async (userId) => {
      assertRunning();
      assertId(userId, "userId");
      return people.name(await friends.list(userId));
    },
    block: async (userId, blockedId) => {
      check(userId, blockedId, "blockedId");
      await assertExists(people, blockedId);
      return blocks.add(userId, blockedId, limits.maxBlocked);
    },
    unblock: async (userId, blockedId) => {
      check(userId, blockedId, "blockedId");
      return blocks.remove(userId, blockedId);
    },
    blocked: async (userId) => {
      assertRunning();
      assertId(userId, "userId");
      return blocks.list(userId);
    },
  };
}

async function assertExists(people: People, userId: UserId): Promise<void> {
  if (await people.exists(userId)) return;
  throw new ImError("not_found", { message: `there is no user ${describe(userId)}` });
}
