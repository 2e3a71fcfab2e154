import { ImError, isImError } from "../core/errors.js";
import { describe, isId, type UserId } from "../core/model.js";
import type { Runtime } from "../core/runtime.js";
import type { Deadlines } from "./deadlines.js";

/** What an application says about a token it accepts. */
export interface Identity {
  /** The application's own id of the user. */
  readonly userId: UserId;
  /** When the token ends, ms since 1970. Default: never. The connection is closed then (4401), unless a fresh token came. */
  readonly expiresAt?: number;
  /** For the policy `one-per-device-kind`, for example "phone". Default: what the client names. */
  readonly deviceKind?: string;
  /** When the token was issued, ms since 1970; comes back in `recheck`. */
  readonly issuedAt?: number;
}

/** A session that is asked about again. */
export interface OpenSession {
  readonly userId: UserId;
  /** As `authenticate` said it. */
  readonly issuedAt?: number;
}

/** What `authenticate` may look at besides the token. */
export interface AuthenticateContext {
  /** Remote address, for limits and audit; never trusted. */
  readonly address: string;
}

/** The application's own users. */
export interface AuthOptions {
  /**
   * Called for every login and every fresh token. Returns who it is; returns `null` or throws to refuse (close 4401).
   * An {@link ImError} `busy` or `unavailable` means "cannot tell just now": the client comes back by itself.
   */
  authenticate(token: string, context: AuthenticateContext): Promise<Identity | null> | Identity | null;
  /** Says whether a user exists. Without it every valid id has an inbox. Called per message to a user; keep it fast. */
  exists?(userId: UserId): Promise<boolean> | boolean;
  /**
   * Called once a minute for all sessions of this process, at most 500 at a time: one answer each, in order. `false` ends the
   * session (close 4401). Without it a session lasts as long as its token.
   */
  recheck?(sessions: readonly OpenSession[]): Promise<readonly boolean[]> | readonly boolean[];
}

/** A token that was accepted. */
export interface Authenticated {
  readonly userId: UserId;
  /** Infinity for never. */
  readonly expiresAt: number;
  /** `undefined`: the application did not say. */
  readonly deviceKind: string | undefined;
  /** `undefined`: the application did not say. */
  readonly issuedAt: number | undefined;
}

/**
 * Asks the application who a token belongs to.
 * Errors: `unauthenticated` when it refuses, when the token has expired, or when its answer makes no sense (coming back
 * would not help); `busy` when it cannot tell, or not in time.
 */
export type Authenticate = (token: string, context: AuthenticateContext) => Promise<Authenticated>;

/** Makes the application's answer one to rely on. */
export function createAuthenticate(auth: AuthOptions, runtime: Runtime, deadlines: Deadlines): Authenticate {
  return async (token, context) => {
    const identity = await ask(() => deadlines.within("auth.authenticate", () => auth.authenticate(token, context)));
    if (identity === null || identity === undefined) throw new ImError("unauthenticated");
    const { userId, expiresAt = Number.POSITIVE_INFINITY, deviceKind, issuedAt } = identity;
    if (!isId(userId)) throw senseless("userId", "1–64 printable ASCII characters without spaces", userId);
    if (typeof expiresAt !== "number" || Number.isNaN(expiresAt))
      throw senseless("expiresAt", "ms since 1970", expiresAt);
    if (expiresAt <= runtime.now()) throw new ImError("unauthenticated", { message: "the token has expired" });
    return { userId, expiresAt, deviceKind, issuedAt };
  };
}

function senseless(field: string, expected: string, received: unknown): ImError {
  const message = `auth.authenticate must return a ${field} of ${expected}, got ${describe(received)}`;
  return new ImError("unauthenticated", { message });
}

async function ask(call: () => Promise<Identity | null>): Promise<Identity | null> {
  try {
    return await call();
  } catch (error) {
    const cannotTell = isImError(error, "busy") || isImError(error, "unavailable");
    throw new ImError(cannotTell ? "busy" : "unauthenticated", { cause: error });
  }
}
