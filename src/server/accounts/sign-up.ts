import type { NewUser, User, UserStore } from "../../adapters/contracts/index.js";
import { ImError, isImError } from "../../core/errors.js";
import type { CallOrigin, SignedIn } from "../im-accounts.js";
import { checkedAddress, checkedNickname, checkedPassword, checkedPhoneNumber, ownFields } from "./account-fields.js";
import { rateLimited, type UserServices } from "./user-services.js";

/**
 * Creates an account and signs in with it. Whether the phone number is taken is found out by the storage alone and last of all,
 * so that it costs the same.
 */
export async function register(services: UserServices, registration: unknown, from?: CallOrigin): Promise<SignedIn> {
  const { phoneNumber, nickname, password } = checkedRegistration(registration);
  const address = checkedAddress(from);
  const waitMs = services.registrations.take(address);
  if (waitMs !== null) throw rateLimited(waitMs);
  const passwordHash = await services.passwords.hash(password, address);
  const { id, revokedBefore } = await create(services.store, { phoneNumber, nickname, passwordHash });
  services.audit({ action: "registered", userId: id, address });
  return { userId: id, ...services.tokens.issue(id, Math.max(services.runtime.now(), revokedBefore)) };
}

function checkedRegistration(registration: unknown) {
  const fields = ownFields("users.register", registration, ["phoneNumber", "nickname", "password"]);
  return {
    phoneNumber: checkedPhoneNumber(fields.phoneNumber),
    nickname: checkedNickname(fields.nickname),
    password: checkedPassword(fields.password, "password"),
  };
}

/** What the storage says about the reason stays here. */
async function create(store: UserStore, user: NewUser): Promise<User> {
  try {
    return await store.create(user);
  } catch (error) {
    if (!isImError(error, "add_failed")) throw error;
    throw new ImError("add_failed", { message: "this account cannot be created" });
  }
}
