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
import { readConversation } from "./read-conversation.js";
import { readHeads } from "./read-heads.js";
import { readInbox } from "./read-inbox.js";

/** Messages and inboxes in a database. */
export class KnexMessages implements MessageStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  commit(batch: readonly Uplink[]): Promise<CommitResult> {
    const { dialect } = this.#database;
    const limit = { maxUplinks: dialect.commitLimits.maxUplinks, maxInboxRows: dialect.maxInboxRows };
    return this.#database.transaction((trx) => commitBatch(trx, dialect, batch, limit));
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
