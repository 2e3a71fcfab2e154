import { createHash, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";

/** Somebody on the support desk. */
export interface Person {
  readonly id: string;
  readonly name: string;
}

/** What a person signs in with; random, so nobody can guess it. */
export interface Invitation {
  readonly name: string;
  readonly code: string;
}

const digest = (code: string): Buffer => createHash("sha256").update(code).digest();

/** The people of the desk. Who has an invitation code can sign in; codes are kept as digests. */
export class People {
  readonly #byName = new Map<string, { readonly person: Person; readonly digest: Buffer }>();

  get all(): readonly Person[] {
    return [...this.#byName.values()].map(({ person }) => person);
  }

  invite(name: string): Invitation {
    const code = randomBytes(16).toString("base64url");
    this.#byName.set(name, { person: { id: randomUUID(), name }, digest: digest(code) });
    return { name, code };
  }

  /** `null` unless the code is this person's. */
  signIn(name: string, code: string): Person | null {
    const known = this.#byName.get(name);
    return known !== undefined && timingSafeEqual(known.digest, digest(code)) ? known.person : null;
  }

  has(id: string): boolean {
    return this.all.some((person) => person.id === id);
  }
}
