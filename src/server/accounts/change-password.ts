import type { User } from "../../adapters/contracts/index.js";
import { ImError } from "../../core/errors.js";
import { assertId, type UserId } from "../../core/model.js";
import type { SignedIn } from "../im-accounts.js";
import { checkedPassword, checkedText, ownFields } from "./account-fields.js";
import { revokeTokens } from "./revoke-tokens.js";
import { attempt, type UserServices } from "./user-services.js";

/**
 * Sets a new password, and makes every token from before worth nothing. Guessing is slowed down per user, apart from logins: so
 * strangers who try to log in keep nobody from it.
 */
export async function changePassword(services: UserServices, userId: UserId, passwords: unknown): Promise<SignedIn> {
  assertId(userId, "userId");
  const fields = ownFields("users.changePassword", passwords, ["password", "newPassword"]);
  const password = checkedText(fields.password, "password");
  const newPassword = checkedPassword(fields.newPassword, "newPassword");
  const user = await existing(services, userId);
  const who = { account: `user:${userId}`, address: `user:${userId}` };
  const { matches } = await attempt(services.throttle, who, () =>
    services.passwords.verify(password, user.passwordHash),
  );
  const isStored = matches && (await store(services, user, await services.passwords.hash(newPassword)));
  if (!isStored) {
    services.audit({ action: "login_failed", userId, address: null });
    throw new ImError("unauthenticated", { message: "the password is wrong" });
  }
  // Told at once: it has happened, also when what comes next fails.
  services.audit({ action: "password_changed", userId });
  // After the new password is there: who has signed in with the old one until then is out now.
  const issuedAt = await revokeTokens(services, user);
  return { userId, ...services.tokens.issue(userId, issuedAt) };
}

/** The user. Errors: `not_found`. */
export async function existing({ store }: UserServices, userId: UserId): Promise<User> {
  const user = await store.find(userId);
  if (user === null) throw noSuchUser();
  return user;
}

/** The `not_found` of a user. */
export function noSuchUser(): ImError {
  return new ImError("not_found", { message: "there is no such user" });
}

/**
 * False when another password was stored meanwhile: the one that was checked is wrong by now. In the same step the tokens: also
 * when the server dies right here, none from before is worth anything.
 */
function store(services: UserServices, user: User, passwordHash: string): Promise<boolean> {
  const changes = { passwordHash, revokedBefore: services.runtime.now() };
  return services.store.update(user.id, changes, { passwordHash: user.passwordHash });
}
