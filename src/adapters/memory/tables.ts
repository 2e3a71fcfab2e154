import type { ConversationKey, GroupId, Message, MessageId, Seq, SyncEpoch, UserId } from "../../core/model.js";
import type { Receipt, User } from "../contracts/index.js";
import type { GroupRow } from "./group-row.js";
import { RefusalBook } from "./refusal-book.js";

/** One inbox. The item of seq n is `messages[n - 1]`, a pointer: no hole can be written down, and content is there once. */
export interface Inbox {
  readonly messages: Message[];
  baseSeq: Seq;
}

/** A message under its id, with the answer every copy of it gets. */
export interface StoredMessage {
  readonly message: Message;
  readonly receipt: Receipt;
}

/** Everything the memory storage knows. Messages, receipts and users are replaced, never changed: copies may share them. */
export interface Tables {
  syncEpoch: SyncEpoch;
  /** This history has been put back from a backup before. */
  wasRestored: boolean;
  /** Only users who ever received something. */
  readonly inboxes: Map<UserId, Inbox>;
  readonly messages: Map<MessageId, StoredMessage>;
  /** Of each conversation its messages; the one at conversationSeq n is `[n - 1]`. */
  readonly conversations: Map<ConversationKey, Message[]>;
  readonly refusals: RefusalBook;
  readonly groups: Map<GroupId, GroupRow>;
  /** In which groups each user is now. */
  readonly groupsOf: Map<UserId, Set<GroupId>>;
  /** Where the search for a free decimal group id goes on. */
  nextGroupId: number;
  readonly users: Map<UserId, User>;
  /** Who has which phone number. */
  readonly phoneNumbers: Map<string, UserId>;
  /** Where the search for a free decimal user id goes on. */
  nextUserId: number;
  /** Both directions of every friendship. */
  readonly friends: Map<UserId, Set<UserId>>;
  /** Whom each user has blocked. */
  readonly blocks: Map<UserId, Set<UserId>>;
}

/** Tables of a storage that has seen nothing. */
export function emptyTables(syncEpoch: SyncEpoch): Tables {
  return {
    syncEpoch,
    wasRestored: false,
    inboxes: new Map(),
    messages: new Map(),
    conversations: new Map(),
    refusals: new RefusalBook(),
    groups: new Map(),
    groupsOf: new Map(),
    nextGroupId: 1,
    users: new Map(),
    phoneNumbers: new Map(),
    nextUserId: 1,
    friends: new Map(),
    blocks: new Map(),
  };
}

/** Independent tables with the same content. */
export function copyTables(tables: Tables): Tables {
  return {
    syncEpoch: tables.syncEpoch,
    wasRestored: tables.wasRestored,
    inboxes: mapValues(tables.inboxes, (inbox) => ({ messages: [...inbox.messages], baseSeq: inbox.baseSeq })),
    messages: new Map(tables.messages),
    conversations: mapValues(tables.conversations, (messages) => [...messages]),
    refusals: tables.refusals.copy(),
    groups: mapValues(tables.groups, (row) => row.copy()),
    groupsOf: mapValues(tables.groupsOf, (groupIds) => new Set(groupIds)),
    nextGroupId: tables.nextGroupId,
    users: new Map(tables.users),
    phoneNumbers: new Map(tables.phoneNumbers),
    nextUserId: tables.nextUserId,
    friends: mapValues(tables.friends, (friends) => new Set(friends)),
    blocks: mapValues(tables.blocks, (blocked) => new Set(blocked)),
  };
}

/** The set under `key`; an empty one is put there if there is none. */
export function setOf<Key, Value>(sets: Map<Key, Set<Value>>, key: Key): Set<Value> {
  const known = sets.get(key);
  if (known !== undefined) return known;
  const set = new Set<Value>();
  sets.set(key, set);
  return set;
}

function mapValues<Key, Value>(map: ReadonlyMap<Key, Value>, copy: (value: Value) => Value): Map<Key, Value> {
  const result = new Map<Key, Value>();
  for (const [key, value] of map) result.set(key, copy(value));
  return result;
}
