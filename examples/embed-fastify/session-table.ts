import { randomBytes } from "node:crypto";

const LIFE_MS = 8 * 60 * 60 * 1000;

/** A signed-in person; also what `auth.authenticate` returns to the chat. */
export interface Session {
  readonly userId: string;
  /** ms since 1970. */
  readonly expiresAt: number;
}

/** Sessions as random tokens in a table: they can be ended at any moment. */
export class SessionTable {
  readonly #sessions = new Map<string, Session>();

  open(userId: string): Session & { readonly token: string } {
    for (const [token, { expiresAt }] of this.#sessions) if (expiresAt <= Date.now()) this.#sessions.delete(token);
    const token = randomBytes(32).toString("base64url");
    const session = { userId, expiresAt: Date.now() + LIFE_MS };
    this.#sessions.set(token, session);
    return { ...session, token };
  }

  find(token: string): Session | null {
    const session = this.#sessions.get(token);
    return session !== undefined && session.expiresAt > Date.now() ? session : null;
  }

  /** Ends every session of a user. */
  endAll(userId: string): void {
    for (const [token, session] of this.#sessions) if (session.userId === userId) this.#sessions.delete(token);
  }
}
