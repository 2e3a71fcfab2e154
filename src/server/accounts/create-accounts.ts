import type { UserStore } from "../../adapters/contracts/index.js";
import type { UserId } from "../../core/model.js";
import type { Runtime } from "../../core/runtime.js";
import type { ServerUsers } from "../im-accounts.js";
import { type DeriveKey, deriveScryptKey } from "../platform/scrypt.js";
import { type AccountsOptions, parseAccountsOptions } from "./accounts-options.js";
import type { Audit } from "./audit.js";
import { createFindByPhoneNumber, type FindByPhoneNumber } from "./find-by-phone-number.js";
import { LoginThrottle } from "./login-throttle.js";
import { LookupRate } from "./lookup-rate.js";
import { Passwords } from "./passwords.js";
import { RegistrationRate } from "./registration-rate.js";
import { TokenCheck } from "./token-check.js";
import { Tokens } from "./tokens.js";
import { createServerUsers } from "./users.js";

/** What the built-in accounts need from the server around them. */
export interface AccountsSurroundings {
  readonly store: UserStore;
  readonly runtime: Runtime;
  /** Told what happened; see {@link Audit}. */
  readonly audit: Audit;
  /** Ends every session of a user on this node; gives how many there were. */
  readonly disconnect: (userId: UserId) => number | Promise<number>;
  /** Asks at once whether the sessions of a user still stand, on every node; nobody waits for it. */
  readonly recheck: (userId: UserId) => void;
  /** Throws `unavailable` unless the server runs. */
  readonly assertRunning: () => void;
  /** Default: scrypt. For tests that have no time for it. */
  readonly deriveKey?: DeriveKey;
}

/** The built-in accounts: what the application calls, and who may come in. */
export interface Accounts {
  readonly users: ServerUsers;
  readonly auth: TokenCheck;
  /** For adding friends. */
  readonly findByPhoneNumber: FindByPhoneNumber;
}

/** Puts the built-in accounts together. Errors: `invalid_argument` for the options. */
export function createAccounts(options: AccountsOptions, surroundings: AccountsSurroundings): Accounts {
  const { store, runtime, deriveKey = deriveScryptKey } = surroundings;
  const settings = parseAccountsOptions(options, runtime);
  const tokens = new Tokens(settings, runtime);
  const users = createServerUsers({
    ...surroundings,
    passwords: new Passwords(runtime, deriveKey, { importedSalt: settings.importedPasswordSalt }),
    tokens,
    throttle: new LoginThrottle(runtime),
    registrations: new RegistrationRate(runtime),
  });
  const lookups = { store, rate: new LookupRate(runtime), isAllowed: settings.findByPhoneNumber };
  return { users, auth: new TokenCheck(tokens, store), findByPhoneNumber: createFindByPhoneNumber(lookups) };
}
