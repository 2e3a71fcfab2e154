import { isImError } from "../../../core/errors.js";
import type { Seq, Target, UserId } from "../../../core/model.js";
import type {
  CommitResult,
  Heads,
  HistoryPage,
  InboxPage,
  MessageStore,
  PageLimit,
  Uplink,
} from "../../contracts/index.js";
import type { Database } from "../database.js";
import { commitBatch } from "./commit-batch.js";
import { lockingTransaction } from "./conversation-rows.js";
import { readConversation } from "./read-conversation.js";
import { readHeads } from "./read-heads.js";
import { readInbox } from "./read-inbox.js";

/** Messages and inboxes in a database. */
export class KnexMessages implements MessageStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** A batch that meets one deadlock after the other is tried in halves: less is locked for a shorter time. */
  async commit(batch: readonly Uplink[]): Promise<CommitResult> {
    try {
      return await this.#commit(batch);
    } catch (error) {
      if (batch.length < 2 || !isImError(error, "busy")) throw error;
      return this.commit(batch.slice(0, Math.ceil(batch.length / 2)));
    }
  }

  #commit(batch: readonly Uplink[]): Promise<CommitResult> {
    const { dialect } = this.#database;
    const limit = { maxUplinks: dialect.commitLimits.maxUplinks, maxInboxRows: dialect.maxInboxRows };
    return lockingTransaction(this.#database, (trx) => commitBatch(trx, dialect, batch, limit));
  }

  readInbox(userId: UserId, after: Seq, limit: PageLimit): Promise<InboxPage> {
    return this.#database.read((db) => readInbox(db, this.#database.dialect.rowsOf, userId, after, limit));
  }

  readHeads(userIds: readonly UserId[]): Promise<Heads> {
    return this.#database.read((db) => readHeads(db, userIds));
  }

  readConversation(viewerId: UserId, target: Target, before: number, limit: PageLimit): Promise<HistoryPage> {
    const { rowsOf } = this.#database.dialect;
    return this.#database.read((db) => readConversation(db, rowsOf, viewerId, target, before, limit));
  }
}
