import type { UserStore } from "../../adapters/contracts/index.js";
import { ImError } from "../../core/errors.js";
import { assertId, type UserId } from "../../core/model.js";
import type { CallOrigin, Profile } from "../im-accounts.js";
import { checkedAddress, checkedPhoneNumber } from "./account-fields.js";
import type { LookupRate } from "./lookup-rate.js";
import { rateLimited } from "./user-services.js";

/**
 * Somebody else by phone number, in the name of `userId`.
 * Errors: `forbidden` where nobody is found by number; `invalid_argument` for what is no number and for one's own; `not_found`;
 * `rate_limited`. No number is in any of them.
 */
export type FindByPhoneNumber = (userId: UserId, phoneNumber: string, from?: CallOrigin) => Promise<Profile>;

/** What looking up a number needs. */
export interface FindByPhoneNumberServices {
  readonly store: UserStore;
  readonly rate: LookupRate;
  /** `accounts.findByPhoneNumber`. */
  readonly isAllowed: boolean;
}

/**
 * Every answer tells whether a number has an account, so every lookup counts, whatever comes of it. What is no number is no lookup,
 * and where nothing may be looked up nothing is.
 */
export function createFindByPhoneNumber({ store, rate, isAllowed }: FindByPhoneNumberServices): FindByPhoneNumber {
  return async (userId, phoneNumber, from) => {
    if (!isAllowed) throw notAllowed();
    assertId(userId, "userId");
    const wanted = checkedPhoneNumber(phoneNumber);
    const waitMs = rate.take(userId, checkedAddress(from));
    if (waitMs !== null) throw rateLimited(waitMs);
    const found = await store.findByPhoneNumber(wanted);
    if (found === null) throw nobody();
    if (found.id === userId) throw oneself();
    return { userId: found.id, nickname: found.nickname };
  };
}

function notAllowed(): ImError {
  const message = "nobody is found by phone number here: accounts.findByPhoneNumber is false; add people by their id";
  return new ImError("forbidden", { message });
}

function nobody(): ImError {
  const message =
    "nobody here has this number; check the digits and the country code, it has to be written as at sign-up";
  return new ImError("not_found", { message });
}

function oneself(): ImError {
  return new ImError("invalid_argument", { message: "phoneNumber must be somebody else's" });
}
