import { conversationKey, type InboxItem, type Message, type Seq, type Target, type UserId } from "../../core/model.js";
import { type BatchLimit, type Decision, decideBatch } from "../contracts/decide-batch.js";
import type {
  CommitResult,
  Delivery,
  Heads,
  HistoryPage,
  InboxPage,
  MessageStore,
  Outcome,
  PageLimit,
  Receipt,
  Uplink,
} from "../contracts/index.js";
import { commitFacts } from "./commit-facts.js";
import type { Gate } from "./gate.js";
import { ITEM_OVERHEAD_BYTES, readConversation } from "./read-conversation.js";
import type { Inbox, Tables } from "./tables.js";

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
    return this.applyNow(decideBatch(commitFacts(this.#tables), batch, this.#limit));
  }

  /** Applies what was decided within the caller's own synchronous stretch. */
  applyNow(decisions: readonly Decision[]): CommitResult {
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

  async readConversation(viewerId: UserId, target: Target, before: number, limit: PageLimit): Promise<HistoryPage> {
    this.#gate.assertOpen();
    return readConversation(this.#tables, viewerId, target, before, limit);
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
    const messages = this.#tables.conversations.get(key) ?? [];
    const conversationSeq = messages.length + 1;
    const message = { messageId, senderId, target, type, content, conversationSeq, serverTime, clientTime };
    messages.push(message);
    this.#tables.conversations.set(key, messages);
    return message;
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
