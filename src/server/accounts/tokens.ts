import { toHex } from "../../core/bytes.js";
import { isId, type UserId } from "../../core/model.js";
import type { Runtime } from "../../core/runtime.js";
import { createTokenKey, signToken, type TokenKey, verifyToken } from "../platform/jwt.js";
import type { TokenSettings } from "./accounts-options.js";

const MAX_TOKEN_LENGTH = 4_096;
const TOKEN_ID_BYTES = 16;
/** How far apart the clocks of two nodes may be, ms: so much longer is a token accepted. */
export const LEEWAY_MS = 30_000;

/** A token for somebody who has just proved who they are. */
export interface IssuedToken {
  readonly token: string;
  /** When it ends, ms since 1970, a whole second. */
  readonly expiresAt: number;
}

/** What a token says that was accepted. Whether it was revoked since is for the users to say. */
export interface VerifiedToken {
  readonly userId: UserId;
  /** ms since 1970; revoked when it lies before the user's `revokedBefore`. */
  readonly issuedAt: number;
  /** From when on this node does not accept it any more, ms since 1970: the leeway of 30 s is in it. */
  readonly acceptedUntil: number;
}

/** Issues and verifies signed tokens (HS256). Nothing is stored about them. */
export class Tokens {
  readonly #runtime: Runtime;
  readonly #settings: TokenSettings;
  readonly #keys: ReadonlyMap<string, TokenKey>;

  constructor(settings: TokenSettings, runtime: Runtime) {
    this.#settings = settings;
    this.#runtime = runtime;
    this.#keys = new Map(settings.keys.map(({ id, secret }) => [id, createTokenKey(secret)]));
  }

  /**
   * A new token, valid from now for `tokenTtlMs`.
   * @param issuedAt what it is measured with when tokens are revoked, ms since 1970; now or before, or the user's
   * `revokedBefore` where the clock was put back since
   */
  issue(userId: UserId, issuedAt: number): IssuedToken {
    const { issuer: iss, audience: aud, tokenTtlMs } = this.#settings;
    const now = this.#runtime.now();
    const [iat, exp] = [Math.floor(now / 1_000), Math.floor((now + tokenTtlMs) / 1_000)];
    const jti = toHex(this.#runtime.randomBytes(TOKEN_ID_BYTES));
    const claims = { sub: userId, iss, aud, exp, iat, jti, at: issuedAt };
    const [keyId, key] = this.#signingKey();
    return { token: signToken(claims, keyId, key), expiresAt: exp * 1_000 };
  }

  /** Whom a token belongs to; `null` for every text that is no valid token of ours, without saying why. */
  verify(token: unknown): VerifiedToken | null {
    if (typeof token !== "string" || token.length === 0 || token.length > MAX_TOKEN_LENGTH) return null;
    const { issuer, audience } = this.#settings;
    const expected = { issuer, audience, now: this.#runtime.now(), leewayMs: LEEWAY_MS };
    const claims = verifyToken(token, this.#keys, expected);
    if (claims === null || claims.aud !== audience) return null;
    const { sub, exp, iat, at } = claims;
    if (!isId(sub) || !isTime(exp) || !isTime(iat) || !isTime(at)) return null;
    return { userId: sub, issuedAt: at, acceptedUntil: exp * 1_000 + LEEWAY_MS };
  }

  #signingKey(): readonly [id: string, key: TokenKey] {
    for (const entry of this.#keys) return entry;
    throw new Error("there is no key: the settings are made by parseAccountsOptions");
  }
}

const isTime = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
