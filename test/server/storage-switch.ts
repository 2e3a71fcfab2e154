import type { MessageStore, Storage } from "../../src/adapters/contracts/index.js";
import { type MemoryStorage, memoryStorage } from "../../src/adapters/memory/memory-storage.js";
import { ImError } from "../../src/core/errors.js";
import { SeededRandom } from "../../src/testing/fakes/random.js";

/** What a call of the message store does before, instead of, or after the real one. */
export type Detour = <T>(real: () => Promise<T>) => Promise<T>;

export const away: Detour = () => Promise.reject(new ImError("unavailable"));
export const hangs: Detour = () => new Promise(() => {});
/** The call takes effect, its answer is lost. */
export const unheard: Detour = async (real) => {
  await real();
  throw new ImError("unavailable");
};

/** Calls wait here until they are let go. */
export class Barrier {
  readonly #waiting: (() => void)[] = [];

  readonly detour: Detour = async (real) => {
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return real();
  };

  /** The real call is made at once; its answer waits. */
  readonly late: Detour = async (real) => {
    const answer = await real();
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return answer;
  };

  get waiting(): number {
    return this.#waiting.length;
  }

  letGo(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** The memory storage with a switch at each call. */
export class StorageSwitch implements Storage {
  readonly real: MemoryStorage;
  readonly commitLimits;
  readonly groups;
  readonly users;
  readonly friends;
  readonly blocks;
  readonly messages: MessageStore;
  readonly calls: string[] = [];
  readonly batches: number[] = [];
  commit: Detour | null = null;
  readInbox: Detour | null = null;
  readHeads: Detour | null = null;
  onStart: () => Promise<void> = async () => {};
  onClose: () => Promise<void> = async () => {};

  constructor(seed = 1, real?: MemoryStorage) {
    const random = new SeededRandom(seed);
    this.real = real ?? memoryStorage({ randomBytes: (length) => random.bytes(length) });
    const store = this.real.messages;
    this.commitLimits = this.real.commitLimits;
    this.groups = this.real.groups;
    this.users = this.real.users;
    this.friends = this.real.friends;
    this.blocks = this.real.blocks;
    this.messages = {
      commit: (batch) => {
        this.batches.push(batch.length);
        return this.#call("commit", this.commit, () => store.commit(batch));
      },
      readInbox: (userId, after, limit) =>
        this.#call("readInbox", this.readInbox, () => store.readInbox(userId, after, limit)),
      readHeads: (userIds) => this.#call("readHeads", this.readHeads, () => store.readHeads(userIds)),
      readConversation: (viewerId, target, before, limit) => store.readConversation(viewerId, target, before, limit),
    };
  }

  async start(): Promise<void> {
    await this.onStart();
    await this.real.start();
  }

  async close(): Promise<void> {
    await this.onClose();
    await this.real.close();
  }

  markRestored(): Promise<string> {
    return this.real.markRestored();
  }

  /** What one user's inbox holds. */
  async inbox(userId: string) {
    const page = await this.real.messages.readInbox(userId, 0, { maxItems: 10_000, maxBytes: 1e9 });
    return page.items;
  }

  #call<T>(name: string, detour: Detour | null, real: () => Promise<T>): Promise<T> {
    this.calls.push(name);
    return detour === null ? real() : detour(real);
  }
}
