import { conversationKey, type InboxItem, type Message, type Seq, type UserId } from "../../core/model.js";
import { type BatchLimit, type CommitFacts, type Decision, decideBatch } from "../contracts/decide-batch.js";
import type {
  CommitResult,
  Delivery,
  Heads,
  InboxPage,
  MessageStore,
  Outcome,
  PageLimit,
  Receipt,
  Uplink,
} from "../contracts/index.js";
import type { Gate } from "./gate.js";
import type { Inbox, Tables } from "./tables.js";

/** What an item costs in a page besides its content: ids, numbers and times. */
const ITEM_OVERHEAD_BYTES = 100;

/**
 * Messages and inboxes in memory. A commit is one synchronous stretch, which makes it a transaction: nobody sees
 * between two of its steps. First everything is decided, then it is applied, and applying cannot fail.
 */
export class MemoryMessages implements MessageStore {
  readonly #tables: Tables;
  readonly #gate: Gate;
  readonly #limit: BatchLimit;

  constructor(tables: Tables, gate: Gate, limit: BatchLimit) {
    this.#tables = tables;
    this.#gate = gate;
    this.#limit = limit;
  }

  async commit(batch: readonly Uplink[]): Promise<CommitResult> {
    this.#gate.assertOpen();
    const decisions = decideBatch(factsOf(this.#tables), batch, this.#limit);
    return { syncEpoch: this.#tables.syncEpoch, outcomes: decisions.map((decision) => this.#apply(decision)) };
  }

  async readInbox(userId: UserId, after: Seq, limit: PageLimit): Promise<InboxPage> {
    this.#gate.assertOpen();
    const inbox = this.#tables.inboxes.get(userId);
    return {
      items: inbox === undefined ? [] : cutPage(inbox.messages, after, limit),
      headSeq: inbox?.messages.length ?? 0,
      floorSeq: 0,
      baseSeq: inbox?.baseSeq ?? 0,
      syncEpoch: this.#tables.syncEpoch,
    };
  }

  async readHeads(userIds: readonly UserId[]): Promise<Heads> {
    this.#gate.assertOpen();
    const heads = new Map<UserId, Seq>();
    for (const userId of userIds) {
      const inbox = this.#tables.inboxes.get(userId);
      if (inbox !== undefined) heads.set(userId, inbox.messages.length);
    }
    return { syncEpoch: this.#tables.syncEpoch, heads };
  }

  #apply(decision: Decision): Outcome {
    switch (decision.kind) {
      case "accept":
        return this.#store(decision);
      case "repeat":
        return { kind: "stored", receipt: this.#receiptOf(decision.messageId), fresh: null };
      case "refuse":
        this.#tables.refusals.write(decision.uplink.messageId, decision.code, decision.uplink.serverTime);
        return { kind: "refused", code: decision.code };
      default:
        return decision;
    }
  }

  #store({ uplink, content, audience }: Decision & { kind: "accept" }): Outcome {
    const message = this.#number(uplink, content);
    const deliveries = audience.map((userId) => this.#deliver(message, userId));
    const own = deliveries.find((delivery) => delivery.userId === uplink.senderId);
    const receipt: Receipt = {
      messageId: message.messageId,
      senderSeq: own?.seq ?? 0,
      conversationSeq: message.conversationSeq,
      serverTime: message.serverTime,
    };
    this.#tables.messages.set(message.messageId, { message, receipt });
    return { kind: "stored", receipt, fresh: { message, deliveries } };
  }

  #number({ messageId, senderId, target, type, clientTime, serverTime }: Uplink, content: Uint8Array): Message {
    const key = conversationKey(senderId, target);
    const conversationSeq = (this.#tables.conversations.get(key) ?? 0) + 1;
    this.#tables.conversations.set(key, conversationSeq);
    return { messageId, senderId, target, type, content, conversationSeq, serverTime, clientTime };
  }

  #deliver(message: Message, userId: UserId): Delivery {
    return { userId, seq: this.#inboxOf(userId).messages.push(message) };
  }

  #inboxOf(userId: UserId): Inbox {
    const known = this.#tables.inboxes.get(userId);
    if (known !== undefined) return known;
    const inbox: Inbox = { messages: [], baseSeq: 0 };
    this.#tables.inboxes.set(userId, inbox);
    return inbox;
  }

  #receiptOf(messageId: string): Receipt {
    const stored = this.#tables.messages.get(messageId);
    if (stored === undefined) throw new Error(`message ${messageId} was judged a repeat but is not stored`);
    return stored.receipt;
  }
}

function factsOf({ syncEpoch, messages, refusals, groups }: Tables): CommitFacts {
  return {
    syncEpoch,
    isStored: (messageId) => messages.has(messageId),
    refusalOf: (messageId) => refusals.find(messageId),
    membersOf: (groupId) => groups.get(groupId),
  };
}

function cutPage(messages: readonly Message[], after: Seq, { maxItems, maxBytes }: PageLimit): InboxItem[] {
  const items: InboxItem[] = [];
  let bytes = 0;
  for (let seq = after + 1; seq <= messages.length; seq++) {
    const message = messages[seq - 1] as Message;
    bytes += message.content.length + ITEM_OVERHEAD_BYTES;
    if (items.length > 0 && (items.length >= maxItems || bytes > maxBytes)) break;
    items.push({ seq, message });
  }
  return items;
}
