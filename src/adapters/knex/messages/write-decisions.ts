import type { Knex } from "knex";
import {
  type ConversationKey,
  conversationKey,
  type Message,
  type MessageId,
  type Seq,
  type UserId,
} from "../../../core/model.js";
import type { Decision } from "../../contracts/decide-batch.js";
import type { Delivery, Outcome, Receipt } from "../../contracts/index.js";
import { bytesOf } from "../bindings.js";
import type { Dialect } from "../dialect.js";
import { insertAndRead, insertRows } from "../insert-rows.js";
import { writeRefusals } from "../refusals.js";
import type { BatchFacts } from "./commit-facts.js";
import { messageIdOf, storedId } from "./message-id.js";

type Accepted = Decision & { readonly kind: "accept" };
type Refused = Decision & { readonly kind: "refuse" };

/** An accepted message with every number it was given. */
interface Numbered {
  readonly message: Message;
  readonly conversation: ConversationKey;
  readonly deliveries: readonly Delivery[];
  readonly receipt: Receipt;
}

interface HeadRow {
  readonly user_id: UserId;
  readonly seq: Seq;
}

interface RowOfMessage {
  readonly row_id: number;
  readonly id: Uint8Array;
}

const MESSAGE_COLUMNS = [
  "id",
  "sender_id",
  "sender_seq",
  "conversation",
  "conversation_seq",
  "type",
  "content",
  "server_time",
  "client_time",
] as const;

/** Writes what was decided, in batch order: heads, conversations, messages, inbox rows, tombstones. */
export async function writeDecisions(
  trx: Knex,
  dialect: Dialect,
  facts: BatchFacts,
  decisions: readonly Decision[],
): Promise<Outcome[]> {
  const accepted = decisions.filter((decision): decision is Accepted => decision.kind === "accept");
  const refused = decisions.filter((decision): decision is Refused => decision.kind === "refuse");
  const stored = await store(trx, dialect, facts, accepted);
  await writeRefusals(trx, dialect, refused);
  return decisions.map((decision) => outcomeOf(decision, stored, facts));
}

async function store(trx: Knex, dialect: Dialect, facts: BatchFacts, accepted: readonly Accepted[]) {
  const heads = await raiseHeads(trx, dialect, accepted);
  const { numbered, positions } = number(accepted, facts, heads);
  await writeConversations(trx, dialect, positions);
  const rowIds = await writeMessages(trx, dialect, numbered);
  await writeInboxRows(trx, dialect, numbered, rowIds);
  return new Map(numbered.map((each) => [each.message.messageId, each]));
}

/** Adds to each recipient's head what this batch brings, ascending; gives the heads as they were. */
async function raiseHeads(trx: Knex, dialect: Dialect, accepted: readonly Accepted[]): Promise<Map<UserId, Seq>> {
  const added = new Map<UserId, number>();
  for (const userId of accepted.flatMap(({ audience }) => audience)) added.set(userId, (added.get(userId) ?? 0) + 1);
  const rows = [...added].sort(byId).map(([userId, count]) => [userId, count, 0, 0]);
  const columns = ["user_id", "seq", "floor_seq", "base_seq"];
  const reading = { key: "user_id", columns: ["user_id", "seq"] };
  const table = "shyim_inbox_head";
  const heads = await insertAndRead<HeadRow>(trx, dialect, table, columns, rows, reading, dialect.addToHead);
  return new Map(heads.map(({ user_id, seq }) => [user_id, seq - (added.get(user_id) ?? 0)]));
}

/** Hands out the numbers in batch order. `heads` go up as it does. */
function number(accepted: readonly Accepted[], facts: BatchFacts, heads: Map<UserId, Seq>) {
  const positions = new Map<ConversationKey, number>();
  const numbered = accepted.map(({ uplink, content, audience }): Numbered => {
    const { messageId, senderId, target, type, clientTime, serverTime } = uplink;
    const conversation = conversationKey(senderId, target);
    const conversationSeq = (positions.get(conversation) ?? facts.positionOf(conversation)) + 1;
    positions.set(conversation, conversationSeq);
    const deliveries = audience.map((userId) => ({ userId, seq: next(heads, userId) }));
    const senderSeq = deliveries.find(({ userId }) => userId === senderId)?.seq ?? 0;
    const message = { messageId, senderId, target, type, content, conversationSeq, serverTime, clientTime };
    return { message, conversation, deliveries, receipt: { messageId, senderSeq, conversationSeq, serverTime } };
  });
  return { numbered, positions };
}

function next(heads: Map<UserId, Seq>, userId: UserId): Seq {
  const seq = (heads.get(userId) ?? 0) + 1;
  heads.set(userId, seq);
  return seq;
}

async function writeConversations(trx: Knex, dialect: Dialect, positions: ReadonlyMap<ConversationKey, number>) {
  const rows = [...positions].sort(byId);
  await insertRows(trx, dialect, "shyim_conversation", ["id", "seq"], rows, dialect.setPosition);
}

/** Content once; gives the row each message got. */
async function writeMessages(
  trx: Knex,
  dialect: Dialect,
  numbered: readonly Numbered[],
): Promise<Map<MessageId, number>> {
  const rows = numbered.map(({ message, conversation, receipt }) => [
    storedId(message.messageId),
    message.senderId,
    receipt.senderSeq,
    conversation,
    message.conversationSeq,
    message.type,
    bytesOf(message.content),
    message.serverTime,
    message.clientTime,
  ]);
  const reading = { key: "id", columns: ["row_id", "id"] };
  const inserted = await insertAndRead<RowOfMessage>(trx, dialect, "shyim_message", MESSAGE_COLUMNS, rows, reading);
  return new Map(inserted.map(({ row_id, id }) => [messageIdOf(id), row_id]));
}

async function writeInboxRows(
  trx: Knex,
  dialect: Dialect,
  numbered: readonly Numbered[],
  rowIds: ReadonlyMap<MessageId, number>,
): Promise<void> {
  const rows = numbered.flatMap(({ message, deliveries }) => {
    const rowId = rowIds.get(message.messageId) as number;
    return deliveries.map(({ userId, seq }) => [userId, seq, rowId]);
  });
  await insertRows(trx, dialect, "shyim_inbox", ["user_id", "seq", "message_row"], rows);
}

function outcomeOf(decision: Decision, stored: ReadonlyMap<MessageId, Numbered>, facts: BatchFacts): Outcome {
  switch (decision.kind) {
    case "accept": {
      const { message, deliveries, receipt } = stored.get(decision.uplink.messageId) as Numbered;
      return { kind: "stored", receipt, fresh: { message, deliveries } };
    }
    case "repeat": {
      const receipt = stored.get(decision.messageId)?.receipt ?? facts.receiptOf(decision.messageId);
      return { kind: "stored", receipt: receipt as Receipt, fresh: null };
    }
    case "refuse":
      return { kind: "refused", code: decision.code };
    default:
      return decision;
  }
}

function byId([a]: readonly [string, number], [b]: readonly [string, number]): number {
  return a < b ? -1 : 1;
}
