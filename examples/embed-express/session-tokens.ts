import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

const LIFE_MS = 60 * 60 * 1000;
const MIN_SECRET_LENGTH = 32;

/** What a valid token says. The chat takes it as it is: `auth.authenticate` returns exactly this. */
export interface Session {
  readonly userId: string;
  /** ms since 1970. The chat closes the connection then, unless the client brought a fresh token. */
  readonly expiresAt: number;
}

/** Signed tokens: `<session>.<HMAC>`. Nothing has to be stored, and nobody without the secret can make one. */
export class SessionTokens {
  readonly #secret: string | Buffer;

  /** @param secret without one a random one is made: tokens then end with the process, and one process is all there is */
  constructor(secret?: string) {
    if (secret !== undefined && secret.length < MIN_SECRET_LENGTH) {
      throw new Error(`SESSION_SECRET must have at least ${MIN_SECRET_LENGTH} characters, it has ${secret.length}`);
    }
    this.#secret = secret ?? randomBytes(32);
  }

  issue(userId: string): Session & { readonly token: string } {
    const session = { userId, expiresAt: Date.now() + LIFE_MS };
    const body = Buffer.from(JSON.stringify(session)).toString("base64url");
    return { ...session, token: `${body}.${this.#sign(body).toString("base64url")}` };
  }

  /** The session, or `null` when the token is forged, broken or too old. */
  verify(token: string, now = Date.now()): Session | null {
    const dot = token.lastIndexOf(".");
    const body = token.slice(0, Math.max(0, dot));
    const given = Buffer.from(token.slice(dot + 1), "base64url");
    const right = this.#sign(body);
    if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
    const session = JSON.parse(Buffer.from(body, "base64url").toString()) as Session;
    return session.expiresAt > now ? session : null;
  }

  #sign(body: string): Buffer {
    return createHmac("sha256", this.#secret).update(body).digest();
  }
}
