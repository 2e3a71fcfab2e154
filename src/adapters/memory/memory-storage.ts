import { toHex } from "../../core/bytes.js";
import type { SyncEpoch } from "../../core/model.js";
import type {
  BlockStore,
  CommitLimits,
  FriendStore,
  GroupStore,
  MessageStore,
  Storage,
  UserStore,
} from "../contracts/index.js";
import { Gate } from "./gate.js";
import { MemoryBlocks } from "./memory-blocks.js";
import { MemoryFriends } from "./memory-friends.js";
import { MemoryGroups } from "./memory-groups.js";
import { MemoryMessages } from "./memory-messages.js";
import { MemoryUsers } from "./memory-users.js";
import { copyTables, emptyTables, type Tables } from "./tables.js";

/** Options of {@link memoryStorage}. */
export interface MemoryStorageOptions {
  /** Where the name of the sync epoch comes from. Default: the platform's `crypto.getRandomValues`. */
  readonly randomBytes?: (length: number) => Uint8Array;
  /**
   * Inbox rows after which a commit answers what it has and leaves the rest of its batch to the caller, so that
   * large groups do not hold up the event loop. Default 20,000 (a few ms).
   */
  readonly maxInboxRows?: number;
}

const EPOCH_BYTES = 16;

const COMMIT_LIMITS: CommitLimits = { maxUplinks: 256, maxBytes: 4 * 1024 * 1024, parallel: 1 };

const DEFAULTS: Required<MemoryStorageOptions> = {
  randomBytes: (length) => globalThis.crypto.getRandomValues(new Uint8Array(length)),
  maxInboxRows: 20_000,
};

/**
 * A storage that lives as long as its object: the default, and the measure for every other one. It keeps all
 * promises but survival of the process. `close` does not empty it: after another `start` everything is there, as it
 * is with a database. Content is copied on the way in; messages are shared on the way out and must not be changed.
 */
export class MemoryStorage implements Storage {
  readonly commitLimits = COMMIT_LIMITS;
  readonly isShared: boolean;
  readonly messages: MessageStore;
  readonly groups: GroupStore;
  readonly users: UserStore;
  readonly friends: FriendStore;
  readonly blocks: BlockStore;
  readonly #options: Required<MemoryStorageOptions>;
  readonly #tables: Tables;
  readonly #gate: Gate;

  /** Use {@link memoryStorage}. */
  constructor(options: MemoryStorageOptions = {}, tables?: Tables, isReachable?: () => boolean) {
    this.#options = { ...DEFAULTS, ...options };
    this.#tables = tables ?? emptyTables(this.#newEpoch());
    this.#gate = new Gate(isReachable);
    this.isShared = isReachable !== undefined;
    const limit = { maxUplinks: COMMIT_LIMITS.maxUplinks, maxInboxRows: this.#options.maxInboxRows };
    const messages = new MemoryMessages(this.#tables, this.#gate, limit);
    this.messages = messages;
    this.groups = new MemoryGroups(this.#tables, this.#gate, messages);
    this.users = new MemoryUsers(this.#tables, this.#gate);
    this.friends = new MemoryFriends(this.#tables, this.#gate);
    this.blocks = new MemoryBlocks(this.#tables, this.#gate);
  }

  async start(): Promise<void> {
    this.#gate.open();
  }

  async close(): Promise<void> {
    this.#gate.close();
  }

  async markRestored(): Promise<SyncEpoch> {
    this.#gate.assertOpen();
    const { wasRestored, inboxes } = this.#tables;
    for (const inbox of inboxes.values()) {
      // A client may come from any earlier epoch, and what it shares with the oldest ends at the lowest base.
      inbox.baseSeq = wasRestored ? Math.min(inbox.baseSeq, inbox.messages.length) : inbox.messages.length;
    }
    this.#tables.wasRestored = true;
    this.#tables.syncEpoch = this.#newEpoch();
    return this.#tables.syncEpoch;
  }

  /**
   * What a backup taken now would hold: an independent storage with the same content and epoch, not started. Also of a
   * closed storage. Before it serves anyone in place of this one, start it and call `markRestored()`.
   */
  copy(): MemoryStorage {
    return new MemoryStorage(this.#options, copyTables(this.#tables));
  }

  /**
   * A further handle on the same content, not started: what one process of several would have. Starting and closing it concerns
   * nobody else.
   * @param isReachable whether calls of this handle get through, asked at each; otherwise they reject with `unavailable`
   */
  share(isReachable: () => boolean = () => true): MemoryStorage {
    return new MemoryStorage(this.#options, this.#tables, isReachable);
  }

  #newEpoch(): SyncEpoch {
    return toHex(this.#options.randomBytes(EPOCH_BYTES));
  }
}

/** A storage in the memory of this process; see {@link MemoryStorage}. Throws nothing. */
export function memoryStorage(options: MemoryStorageOptions = {}): MemoryStorage {
  return new MemoryStorage(options);
}
