import { randomBytes, randomUUID, scrypt, timingSafeEqual } from "node:crypto";

/** A user of this application. The chat knows nothing but the id. */
export interface User {
  readonly id: string;
  readonly name: string;
}

interface Account {
  readonly user: User;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

const COST = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 1024 * 1024 };

function hashPassword(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, 32, COST, (error, hash) => (error === null ? resolve(hash) : reject(error)));
  });
}

/** The users of this application, in memory; yours are in a database. */
export class Users {
  readonly #accounts = new Map<string, Account>();
  readonly #nobody = { salt: randomBytes(16), hash: randomBytes(32) };

  /** `null` when the name is taken. */
  async register(name: string, password: string): Promise<User | null> {
    const salt = randomBytes(16);
    const hash = await hashPassword(password, salt);
    if (this.#accounts.has(name)) return null;
    const user = { id: randomUUID(), name };
    this.#accounts.set(name, { user, salt, hash });
    return user;
  }

  /** `null` for a wrong name as for a wrong password, after the same work. */
  async login(name: string, password: string): Promise<User | null> {
    const account = this.#accounts.get(name);
    const { salt, hash } = account ?? this.#nobody;
    const isRight = timingSafeEqual(await hashPassword(password, salt), hash);
    return isRight ? (account?.user ?? null) : null;
  }
}
