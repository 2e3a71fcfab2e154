import type { Knex } from "knex";
import type { WireCode } from "../../../core/errors.js";
import {
  type ConversationKey,
  conversationKey,
  type GroupId,
  type MessageId,
  type SyncEpoch,
  type UserId,
} from "../../../core/model.js";
import type { CommitFacts, Members } from "../../contracts/decide-batch.js";
import type { Receipt, Uplink } from "../../contracts/index.js";
import { readEpoch } from "../meta.js";
import { messageIdOf, storedId } from "./message-id.js";

/** What a decision and what is written after it rest on. */
export interface BatchFacts extends CommitFacts {
  /** What was answered for a stored message. */
  receiptOf(messageId: MessageId): Receipt | undefined;
  /** The highest conversationSeq handed out. */
  positionOf(conversation: ConversationKey): number;
  /** Whether the conversation has a row, which was locked if locking was asked for. */
  hasRow(conversation: ConversationKey): boolean;
}

/**
 * Reads everything `decideBatch` asks about a batch. With `lock` the conversations' rows are taken first, ascending, and
 * everything else is read by later statements, so that it is what the last holder of those rows left behind.
 */
export async function readFacts(trx: Knex, batch: readonly Uplink[], lock: "lock" | "look"): Promise<BatchFacts> {
  const syncEpoch = await readEpoch(trx);
  const judged = judgedOf(batch, syncEpoch);
  const positions = await readPositions(trx, judged, lock);
  const receipts = await readReceipts(trx, judged);
  const refusals = await readRefusals(trx, judged);
  const groups = await readGroups(trx, judged);
  const blocks = await readBlocks(trx, judged);
  return {
    syncEpoch,
    isStored: (messageId) => receipts.has(messageId),
    receiptOf: (messageId) => receipts.get(messageId),
    refusalOf: (messageId) => refusals.get(messageId),
    membersOf: (groupId) => groups.get(groupId),
    hasBlocked: (receiverId, senderId) => blocks.has(pairKey(receiverId, senderId)),
    positionOf: (conversation) => positions.get(conversation) ?? 0,
    hasRow: (conversation) => positions.has(conversation),
  };
}

/** Those of a batch that belong to this history: the others are not even looked at. */
export function judgedOf(batch: readonly Uplink[], syncEpoch: SyncEpoch): readonly Uplink[] {
  return batch.filter((uplink) => uplink.syncEpoch === null || uplink.syncEpoch === syncEpoch);
}

async function readPositions(trx: Knex, batch: readonly Uplink[], lock: "lock" | "look") {
  const keys = [...new Set(batch.map(({ senderId, target }) => conversationKey(senderId, target)))].sort();
  const query = trx("shyim_conversation").select("id", "seq").whereIn("id", keys).orderBy("id");
  const rows: { id: ConversationKey; seq: number }[] = await (lock === "lock" ? query.forUpdate() : query);
  return new Map(rows.map(({ id, seq }) => [id, seq]));
}

interface ReceiptRow {
  readonly id: Uint8Array;
  readonly own: number;
  readonly position: number;
  readonly time: number;
}

/** Of what the batch brings and of what it names as predecessors. */
async function readReceipts(trx: Knex, batch: readonly Uplink[]): Promise<Map<MessageId, Receipt>> {
  const ids = new Set(
    batch.flatMap(({ messageId, afterId }) => (afterId === null ? [messageId] : [messageId, afterId])),
  );
  const rows: ReceiptRow[] = await trx("shyim_message")
    .select("id", "sender_seq as own", "conversation_seq as position", "server_time as time")
    .whereIn("id", [...ids].map(storedId));
  return new Map(rows.map((row) => [messageIdOf(row.id), receiptOf(row)]));
}

function receiptOf(row: ReceiptRow): Receipt {
  return {
    messageId: messageIdOf(row.id),
    senderSeq: row.own,
    conversationSeq: row.position,
    serverTime: row.time,
  };
}

async function readRefusals(trx: Knex, batch: readonly Uplink[]): Promise<Map<MessageId, WireCode>> {
  const ids = batch.map(({ messageId }) => storedId(messageId));
  const rows: { id: Uint8Array; code: WireCode }[] = await trx("shyim_refusal").select("id", "code").whereIn("id", ids);
  return new Map(rows.map(({ id, code }) => [messageIdOf(id), code]));
}

/** The groups of a batch that exist, with who is in them. */
async function readGroups(trx: Knex, batch: readonly Uplink[]): Promise<Map<GroupId, Members>> {
  const ids = new Set(batch.flatMap(({ target }) => (target.kind === "group" ? [target.id] : [])));
  const groups = new Map<GroupId, Set<UserId>>();
  if (ids.size === 0) return new Map();
  // One word per column: the knex of an application may turn names of two words into camel case, and so must not meet any here.
  const rows: { id: GroupId; member: UserId | null }[] = await trx("shyim_group")
    .leftJoin("shyim_group_member", "group_id", "id")
    .select("id", "user_id as member")
    .whereIn("id", [...ids]);
  for (const { id, member } of rows) {
    const users = groups.get(id) ?? new Set();
    if (member !== null) users.add(member);
    groups.set(id, users);
  }
  return new Map(
    [...groups].map(([id, users]) => [id, { has: (userId) => users.has(userId), members: () => [...users] }]),
  );
}

/** Who of a batch's receivers has blocked their sender; nothing is asked where no user writes to another. */
async function readBlocks(trx: Knex, batch: readonly Uplink[]): Promise<Set<string>> {
  const pairs = new Map<string, [UserId, UserId]>();
  for (const { senderId, target } of batch) {
    if (target.kind !== "single" || senderId === null || senderId === target.id) continue;
    pairs.set(pairKey(target.id, senderId), [target.id, senderId]);
  }
  if (pairs.size === 0) return new Set();
  const rows: { owner: UserId; blocked: UserId }[] = await trx("shyim_block")
    .select("user_id as owner", "blocked_id as blocked")
    .whereIn(["user_id", "blocked_id"], [...pairs.values()]);
  return new Set(rows.map(({ owner, blocked }) => pairKey(owner, blocked)));
}

/** No id has a space. */
function pairKey(receiverId: UserId, senderId: UserId): string {
  return `${receiverId} ${senderId}`;
}
