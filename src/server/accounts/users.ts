import { assertId, invalidArgument, type UserId } from "../../core/model.js";
import type { OwnProfile, Profile, ServerUsers } from "../im-accounts.js";
import { checkedNickname } from "./account-fields.js";
import { changePassword, existing, noSuchUser } from "./change-password.js";
import { findInBatches } from "./find-in-batches.js";
import { revokeTokens } from "./revoke-tokens.js";
import { signIn } from "./sign-in.js";
import { register } from "./sign-up.js";
import type { UserServices } from "./user-services.js";

/** The built-in users. Every call rejects with `unavailable` unless the server runs. */
export function createServerUsers(services: UserServices): ServerUsers {
  const running = <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) => {
    return async (...args: Args): Promise<Result> => {
      services.assertRunning();
      return call(...args);
    };
  };
  return {
    register: running((registration, from) => register(services, registration, from)),
    login: running((credentials, from) => signIn(services, credentials, from)),
    logOutEverywhere: running((userId) => logOutEverywhere(services, userId)),
    me: running((userId) => ownProfile(services, userId)),
    profiles: running((userIds) => profiles(services, userIds)),
    rename: running((userId, nickname) => rename(services, userId, nickname)),
    changePassword: running((userId, passwords) => changePassword(services, userId, passwords)),
  };
}

async function logOutEverywhere(services: UserServices, userId: UserId): Promise<number> {
  assertId(userId, "userId");
  await revokeTokens(services, await existing(services, userId));
  const ended = await services.disconnect(userId);
  services.audit({ action: "logged_out_everywhere", userId });
  return ended;
}

async function ownProfile(services: UserServices, userId: UserId): Promise<OwnProfile> {
  assertId(userId, "userId");
  const { id, nickname, phoneNumber } = await existing(services, userId);
  return { userId: id, nickname, phoneNumber };
}

async function profiles({ store }: UserServices, userIds: readonly UserId[]): Promise<readonly Profile[]> {
  if (!Array.isArray(userIds)) throw invalidArgument("userIds must be an array of ids", userIds);
  for (const [index, userId] of userIds.entries()) assertId(userId, `userIds[${index}]`);
  const found = await findInBatches(store, userIds);
  const ascending = [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  return ascending.map(({ id, nickname }) => ({ userId: id, nickname }));
}

async function rename({ store }: UserServices, userId: UserId, nickname: string): Promise<void> {
  assertId(userId, "userId");
  const isThere = await store.update(userId, { nickname: checkedNickname(nickname) });
  if (!isThere) throw noSuchUser();
}
