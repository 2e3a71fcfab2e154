import type { UserStore } from "../../adapters/contracts/index.js";
import { ImError } from "../../core/errors.js";
import type { UserId } from "../../core/model.js";
import type { Runtime } from "../../core/runtime.js";
import type { Audit } from "./audit.js";
import type { LoginAttempt, LoginThrottle } from "./login-throttle.js";
import type { Passwords } from "./passwords.js";
import type { RegistrationRate } from "./registration-rate.js";
import type { Tokens } from "./tokens.js";

/** What the built-in users are made of. */
export interface UserServices {
  readonly store: UserStore;
  readonly passwords: Passwords;
  readonly tokens: Tokens;
  readonly throttle: LoginThrottle;
  readonly registrations: RegistrationRate;
  readonly runtime: Runtime;
  readonly audit: Audit;
  /** Ends every session of a user on this node; gives how many there were. */
  readonly disconnect: (userId: UserId) => number | Promise<number>;
  /** Asks at once whether the sessions of a user still stand, on every node; nobody waits for it. */
  readonly recheck: (userId: UserId) => void;
  /** Throws `unavailable` unless the server runs. */
  readonly assertRunning: () => void;
}

/** The `rate_limited` of a call that may be repeated in a while. */
export function rateLimited(retryAfterMs: number): ImError {
  return new ImError("rate_limited", { message: "too many attempts; try again later", retryAfterMs });
}

/**
 * Checks a password as one attempt of the throttle: what `check` gives. When `check` rejects, the attempt does not count.
 * Errors: `rate_limited`; what `check` rejects with.
 */
export async function attempt<Result extends { readonly matches: boolean }>(
  throttle: LoginThrottle,
  { account, address }: { readonly account: string; readonly address: string | null },
  check: () => Promise<Result>,
): Promise<Result> {
  const taken = throttle.take(account, address);
  if (taken.retryAfterMs !== null) throw rateLimited(taken.retryAfterMs);
  const result = await checkOrAbandon(throttle, taken, check);
  if (result.matches) throttle.succeeded(taken);
  return result;
}

async function checkOrAbandon<Result>(
  throttle: LoginThrottle,
  taken: LoginAttempt,
  check: () => Promise<Result>,
): Promise<Result> {
  try {
    return await check();
  } catch (error) {
    throttle.abandoned(taken);
    throw error;
  }
}
