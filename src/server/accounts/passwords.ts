import { encodeText } from "../../core/bytes.js";
import type { Runtime } from "../../core/runtime.js";
import { type DeriveKey, isSameKey, type ScryptCost } from "../platform/scrypt.js";
import { HashQueue } from "./hash-queue.js";
import { isImportedPassword, parseImportedPassword } from "./imported-password.js";
import { networkOf } from "./network-of.js";
import { normalisePassword, passwordError } from "./password-text.js";
import { formatStoredPassword, parseStoredPassword, type StoredPassword } from "./stored-password.js";

/** What a hash costs today: 32 MiB and about a quarter of a second. Older ones are renewed when their users sign in. */
const COST: ScryptCost = { log2N: 15, r: 8, p: 3 };
const SALT_BYTES = 16;
const KEY_BYTES = 32;

/** What {@link Passwords.verify} found out. */
export interface PasswordCheck {
  readonly matches: boolean;
  /** The password is right, and its hash was made at another cost than today's: hash it again and store that. */
  readonly rehashDue: boolean;
}

/** What may be told to {@link Passwords}. */
export interface PasswordOptions {
  /** How many hashes may wait for their turn. Default 200. */
  readonly maxWaiting?: number | undefined;
  /** The salt of imported hashes; without it none of them ever matches. */
  readonly importedSalt?: string | undefined;
}

/** Hashes passwords and compares them: two at a time, the others wait. */
export class Passwords {
  readonly #runtime: Runtime;
  readonly #deriveKey: DeriveKey;
  readonly #queue: HashQueue;
  /** Stands in for a user who does not exist. Its key is random: no password leads to it. */
  readonly #nobody: StoredPassword;
  readonly #importedSalt: string | undefined;

  /** @param deriveKey the server's is `deriveScryptKey` */
  constructor(runtime: Runtime, deriveKey: DeriveKey, { maxWaiting, importedSalt }: PasswordOptions = {}) {
    this.#importedSalt = importedSalt;
    this.#runtime = runtime;
    this.#deriveKey = deriveKey;
    this.#queue = new HashQueue(maxWaiting);
    this.#nobody = { cost: COST, salt: runtime.randomBytes(SALT_BYTES), key: runtime.randomBytes(KEY_BYTES) };
  }

  /**
   * The text to store for a password. Errors: `invalid_argument` for what cannot be one; `busy` when too many wait.
   * @param address who asks for it; those of one network may not wait in any number, the application itself (`null`) may
   */
  async hash(password: string, address: string | null = null): Promise<string> {
    const text = normalisePassword(password);
    if (text === null) throw passwordError("password");
    const salt = this.#runtime.randomBytes(SALT_BYTES);
    const key = await this.#derive(text, { cost: COST, salt, keyBytes: KEY_BYTES }, address);
    return formatStoredPassword({ cost: COST, salt, key });
  }

  /**
   * Whether a password is the stored one. It costs one hash in every case: also for a user who does not exist, for a text that
   * cannot be a password, and for a stored text that is broken; none of them ever matches.
   * Errors: `busy` when too many wait.
   * @param stored what {@link hash} gave; `null` for a user who does not exist
   * @param address as for {@link hash}
   */
  async verify(password: string, stored: string | null, address: string | null = null): Promise<PasswordCheck> {
    const known = stored === null ? null : parseStoredPassword(stored);
    const text = normalisePassword(password);
    const { cost, salt, key } = known ?? this.#nobody;
    const derived = await this.#derive(text ?? "", { cost, salt, keyBytes: key.length }, address);
    const matches = isSameKey(derived, key) && known !== null && text !== null;
    if (!matches && stored !== null && this.#isImported(password, stored)) return { matches: true, rehashDue: true };
    return { matches, rehashDue: matches && !isOfToday(known) };
  }

  /** Looked at only when the hash above was paid for, so that the time it takes tells nothing. */
  #isImported(password: string, stored: string): boolean {
    const imported = parseImportedPassword(stored);
    const salt = this.#importedSalt;
    return imported !== null && salt !== undefined && isImportedPassword(password, imported, salt);
  }

  #derive(text: string, { cost, salt, keyBytes }: Derivation, address: string | null): Promise<Uint8Array> {
    const network = address === null ? null : networkOf(address);
    return this.#queue.run(network, () => this.#deriveKey(encodeText(text), salt, cost, keyBytes));
  }
}

interface Derivation {
  readonly cost: ScryptCost;
  readonly salt: Uint8Array;
  readonly keyBytes: number;
}

function isOfToday({ cost, salt, key }: StoredPassword): boolean {
  const isCost = cost.log2N === COST.log2N && cost.r === COST.r && cost.p === COST.p;
  return isCost && salt.length === SALT_BYTES && key.length === KEY_BYTES;
}
