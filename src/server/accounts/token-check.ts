import type { UserStore } from "../../adapters/contracts/index.js";
import { ImError } from "../../core/errors.js";
import type { UserId } from "../../core/model.js";
import type { AuthOptions, Identity, OpenSession } from "../auth.js";
import { findInBatches } from "./find-in-batches.js";
import type { Tokens } from "./tokens.js";

/** Who a token of the built-in accounts belongs to. */
export interface AccountIdentity extends Identity {
  /** From when on no node accepts the token any more, ms since 1970: its end, and 30 s for clocks that differ. */
  readonly expiresAt: number;
  /** What the token is measured with when tokens are revoked, ms since 1970. */
  readonly issuedAt: number;
}

/** The built-in accounts as the server's `auth`: for whom a token counts, when it comes and as long as its session lasts. */
export class TokenCheck implements AuthOptions {
  readonly #tokens: Tokens;
  readonly #store: UserStore;

  constructor(tokens: Tokens, store: UserStore) {
    this.#tokens = tokens;
    this.#store = store;
  }

  /**
   * Who a token belongs to; `null` when it is none of ours, has ended, was revoked, or its user is gone.
   * Errors: `busy` when the storage cannot tell just now.
   */
  async authenticate(token: string): Promise<AccountIdentity | null> {
    const verified = this.#tokens.verify(token);
    if (verified === null) return null;
    const { userId, issuedAt, acceptedUntil } = verified;
    const [counts] = await this.recheck([{ userId, issuedAt }]);
    return counts === true ? { userId, issuedAt, expiresAt: acceptedUntil } : null;
  }

  /** Whether a user has an account. */
  async exists(userId: UserId): Promise<boolean> {
    return (await this.#store.find(userId)) !== null;
  }

  /**
   * For each session whether it may go on: its token was not revoked since, and its user is there. A session of the same user with
   * a newer token is not touched.
   * Errors: `busy` when the storage cannot tell just now.
   */
  async recheck(sessions: readonly OpenSession[]): Promise<readonly boolean[]> {
    const userIds = sessions.map(({ userId }) => userId);
    const users = await findInBatches(this.#store, userIds).catch((cause) => {
      throw new ImError("busy", { cause });
    });
    return sessions.map(({ userId, issuedAt = Number.NEGATIVE_INFINITY }) => {
      const user = users.get(userId);
      return user !== undefined && issuedAt >= user.revokedBefore;
    });
  }
}
