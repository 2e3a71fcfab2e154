import type { User } from "../../adapters/contracts/index.js";
import { ImError } from "../../core/errors.js";
import type { CallOrigin, SignedIn } from "../im-accounts.js";
import { checkedAddress, checkedText, normalisePhoneNumber, ownFields } from "./account-fields.js";
import type { PasswordCheck } from "./passwords.js";
import { attempt, type UserServices } from "./user-services.js";

/**
 * Signs in with a password. A phone number that nobody has, one that is none, and a wrong password go the same way: one attempt,
 * one look into the storage, one hash, one answer.
 */
export async function signIn(services: UserServices, credentials: unknown, from?: CallOrigin): Promise<SignedIn> {
  const fields = ownFields("users.login", credentials, ["phoneNumber", "password"]);
  const phoneNumber = normalisePhoneNumber(checkedText(fields.phoneNumber, "phoneNumber")) ?? "";
  const password = checkedText(fields.password, "password");
  const address = checkedAddress(from);
  // Before the user is read: whatever is revoked while the hash takes its time is revoked for this token, too.
  const issuedAt = services.runtime.now();
  const who = { account: phoneNumber, address };
  const found = await attempt(services.throttle, who, () => check(services, phoneNumber, password, address));
  const userId = found.user?.id ?? null;
  if (!found.matches || found.user === null) {
    services.audit({ action: "login_failed", userId, address });
    throw new ImError("unauthenticated", { message: "the phone number or the password is wrong" });
  }
  if (found.rehashDue) await rehash(services, found.user, password, address);
  services.audit({ action: "login_succeeded", userId: found.user.id, address });
  const token = services.tokens.issue(found.user.id, Math.max(issuedAt, found.user.revokedBefore));
  return { userId: found.user.id, ...token };
}

async function check(
  { store, passwords }: UserServices,
  phoneNumber: string,
  password: string,
  address: string | null,
): Promise<PasswordCheck & { readonly user: User | null }> {
  const user = await store.findByPhoneNumber(phoneNumber);
  return { ...(await passwords.verify(password, user?.passwordHash ?? null, address)), user };
}

/**
 * Stores the password at today's cost. It is no reason not to let somebody in when it fails: the next login tries again. A
 * password that was changed meanwhile stays changed.
 */
async function rehash(
  { store, passwords }: UserServices,
  { id, passwordHash: expected }: User,
  password: string,
  address: string | null,
): Promise<void> {
  try {
    const passwordHash = await passwords.hash(password, address);
    await store.update(id, { passwordHash }, { passwordHash: expected });
  } catch {}
}
