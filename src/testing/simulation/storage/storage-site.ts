import type { CommitResult, GroupCommit, Uplink } from "../../../adapters/contracts/index.js";
import { type MemoryStorage, memoryStorage } from "../../../adapters/memory/memory-storage.js";
import {
  conversationKey,
  type Message,
  type MessageId,
  type Seq,
  type SyncEpoch,
  type UserId,
} from "../../../core/model.js";
import type { SeededRandom } from "../../fakes/random.js";
import { type FinalState, type History, type NodeNumber, operationOfMessage } from "../history.js";
import { FAIR_STORAGE, type StorageWeather } from "./storage-weather.js";

/** One page that holds everything. */
const EVERYTHING = { maxItems: 1_000_000, maxBytes: Number.POSITIVE_INFINITY };

/** The machine the storage lives on: it outlives every server process, and can be put back to a backup. */
export class StorageSite {
  readonly weather: StorageWeather = { ...FAIR_STORAGE };
  readonly #history: History;
  #current: MemoryStorage;
  #backup: MemoryStorage | null = null;
  #epoch: SyncEpoch = "";
  readonly #heads = new Map<UserId, Seq>();
  readonly #received = new Map<UserId, Seq>();
  readonly #stored = new Set<MessageId>();

  constructor(history: History, random: SeededRandom) {
    this.#history = history;
    this.#current = memoryStorage({ randomBytes: (length) => random.bytes(length) });
  }

  /** To be called once, before anything else. */
  async start(): Promise<void> {
    await this.#current.start();
    this.#epoch = (await this.#current.messages.readHeads([])).syncEpoch;
  }

  /** What serves just now. */
  get current(): MemoryStorage {
    return this.#current;
  }

  /** Names the history that is being written, now. */
  get epoch(): SyncEpoch {
    return this.#epoch;
  }

  /** The head of an inbox, now. */
  headOf(userId: UserId): Seq {
    return this.#heads.get(userId) ?? 0;
  }

  /** Where the newest item stands that somebody else wrote. Only for schedules without a restore. */
  lastReceived(userId: UserId): Seq {
    return this.#received.get(userId) ?? 0;
  }

  /** A message was committed once. */
  has(messageId: MessageId): boolean {
    return this.#stored.has(messageId);
  }

  get hasBackup(): boolean {
    return this.#backup !== null;
  }

  /** Commits, and writes down what became visible. */
  async commit(storage: MemoryStorage, batch: readonly Uplink[]): Promise<CommitResult> {
    const result = await storage.messages.commit(batch);
    if (storage === this.#current) this.#note(result);
    return result;
  }

  /** Changes a group, and writes down whose inbox its notice is in. */
  async changeGroup<T extends GroupCommit | null>(storage: MemoryStorage, change: () => Promise<T>): Promise<T> {
    const commit = await change();
    if (storage !== this.#current || !commit?.committed) return commit;
    for (const outcome of commit.committed.outcomes) {
      if (outcome.kind === "stored" && outcome.fresh !== null) this.#noteNotice(outcome.fresh.message);
    }
    this.#note(commit.committed);
    return commit;
  }

  /** A notice is composed by the change that stores it. */
  #noteNotice({ messageId, target }: Message): void {
    this.#history.record({
      kind: "invoke",
      operation: operationOfMessage(messageId, undefined),
      author: "server",
      userId: null,
      device: null,
      conversation: conversationKey(null, target),
      once: true,
      forbidden: false,
    });
  }

  #note({ syncEpoch, outcomes }: CommitResult): void {
    this.#epoch = syncEpoch;
    for (const outcome of outcomes) {
      if (outcome.kind !== "stored") continue;
      if (outcome.fresh !== null) this.#stored.add(outcome.fresh.message.messageId);
      for (const { userId, seq } of outcome.fresh?.deliveries ?? []) {
        this.#heads.set(userId, seq);
        if (outcome.fresh?.message.senderId !== userId) this.#received.set(userId, seq);
        this.#history.record({ kind: "committed", userId, seq });
      }
    }
  }

  /** A server process was told about an item; what is not true is no history. */
  hinted(userId: UserId, seq: Seq, node: NodeNumber): void {
    if (seq <= this.headOf(userId)) this.#history.record({ kind: "hinted", userId, seq, node });
  }

  backUp(): void {
    this.#backup = this.#current.copy();
    this.#history.record({ kind: "copied" });
  }

  /** Puts the last backup in place of what was. No server may be running. */
  async restore(): Promise<void> {
    if (this.#backup === null) return;
    this.#current = this.#backup;
    this.#backup = null;
    await this.#current.start();
    const epoch = await this.#current.markRestored();
    this.#epoch = epoch;
    const { heads } = await this.#current.messages.readHeads([...this.#heads.keys()]);
    for (const userId of this.#heads.keys()) this.#heads.set(userId, heads.get(userId) ?? 0);
    this.#history.record({ kind: "restored", epoch });
  }

  /** Everything these users and groups have. */
  async readAll(userIds: readonly string[], groupIds: readonly string[]): Promise<FinalState> {
    let epoch: SyncEpoch = "";
    const inboxes: Map<
      string,
      FinalState["inboxes"] extends ReadonlyMap<string, infer Items> ? Items : never
    > = new Map();
    const baseSeqs = new Map<string, number>();
    const stays = new Map<string, Awaited<ReturnType<MemoryStorage["groups"]["memberships"]>>>();
    for (const userId of userIds) {
      const page = await this.#current.messages.readInbox(userId, 0, EVERYTHING);
      epoch = page.syncEpoch;
      inboxes.set(userId, page.items);
      baseSeqs.set(userId, page.baseSeq);
    }
    for (const groupId of groupIds) stays.set(groupId, await this.#current.groups.memberships(groupId));
    return { epoch, inboxes, baseSeqs, stays };
  }
}
