import { encodeText } from "../../src/core/bytes.js";
import type { WireCode } from "../../src/core/errors.js";
import { conversationKey, type InboxItem, type Message, type Target } from "../../src/core/model.js";
import { checkHistory } from "../../src/testing/simulation/checker.js";
import type {
  Author,
  FinalState,
  HistoryEntry,
  HistoryEvent,
  ShownItem,
  Stay,
} from "../../src/testing/simulation/history.js";

/** One message of a hand-made history. */
export interface Composed {
  readonly operation: string;
  readonly sender: string;
  readonly target: Target;
  readonly messageId: string;
}

/** To whom a hand-made message goes. */
export const to = (id: string): Target => ({ kind: "single", id });
/** The group of the hand-made histories: ann, bob and cat. */
export const toGroup: Target = { kind: "group", id: "ops" };

/** Writes a history by hand, one line per event, and keeps the storage that belongs to it. */
export class HandMade {
  readonly inboxes = new Map<string, InboxItem[]>();
  readonly stays: Stay[] = ["ann", "bob", "cat"].map((userId) => ({ userId, joinedSeq: 0, leftSeq: null }));
  readonly baseSeqs = new Map<string, number>();
  epoch = "e1";
  at = 0;
  readonly #events: HistoryEvent[] = [];
  readonly #conversationSeqs = new Map<string, number>();
  readonly #composed: Composed[] = [];

  /** The three users, each on one device, all online. */
  constructor() {
    for (const userId of ["ann", "bob", "cat"]) {
      this.open(userId);
      this.add({ kind: "online", device: `${userId}/1`, epoch: "e1" });
    }
  }

  add(entry: HistoryEntry): void {
    this.at += 10;
    this.#events.push({ ...entry, at: this.at });
  }

  open(userId: string, saved: readonly ShownItem[] = []): void {
    this.add({ kind: "opened", device: `${userId}/1`, userId, author: "sdk", saved });
  }

  /** Somebody writes something. */
  compose(sender: string, target: Target, author: Author = "sdk"): Composed {
    const operation = `m${this.#composed.length + 1}`;
    const conversation = conversationKey(sender, target);
    this.add({
      kind: "invoke",
      operation,
      author,
      userId: sender,
      device: author === "server" ? null : `${sender}/1`,
      conversation,
      once: true,
      forbidden: false,
    });
    const composed = { operation, sender, target, messageId: `${sender}-${operation}` };
    this.#composed.push(composed);
    return composed;
  }

  /** The storage takes it, for `audience` or for those it is meant for. */
  store(
    composed: Composed,
    audience: readonly string[] = this.#audience(composed),
    change: Partial<Message> = {},
  ): void {
    const conversation = conversationKey(composed.sender, composed.target);
    const conversationSeq = (this.#conversationSeqs.get(conversation) ?? 0) + 1;
    this.#conversationSeqs.set(conversation, conversationSeq);
    const message: Message = {
      messageId: composed.messageId,
      senderId: composed.sender,
      target: composed.target,
      type: 1,
      content: encodeText(`${composed.operation} hello`),
      conversationSeq,
      serverTime: 1,
      clientTime: 1,
      ...change,
    };
    for (const userId of audience) this.#put(userId, message);
  }

  /** Its sender is told. */
  acknowledge(composed: Composed, seq = this.seqOf(composed, composed.sender)): void {
    const { operation, messageId } = composed;
    const device = `${composed.sender}/1`;
    this.add({ kind: "answer", operation, device, epoch: this.epoch, messageId, seq, code: null });
    this.add({ kind: "ack", operation, messageId, seq });
  }

  refuse({ operation, sender }: Composed, code: WireCode = "not_member"): void {
    this.add({ kind: "answer", operation, device: `${sender}/1`, epoch: this.epoch, messageId: null, seq: 0, code });
    this.add({ kind: "refused", operation, code });
  }

  /** A device shows an item; `change` makes it a lie. */
  show(userId: string, composed: Composed, change: Partial<ShownItem> = {}): ShownItem {
    const item = { ...this.itemOf(userId, composed), ...change };
    this.add({ kind: "shown", device: `${userId}/1`, userId, item });
    return item;
  }

  itemOf(userId: string, { messageId, sender, target, operation }: Composed): ShownItem {
    const seq = this.seqOf({ messageId }, userId);
    const conversation = conversationKey(sender, target);
    return { seq, messageId, conversation, senderId: sender, operation, epoch: this.epoch };
  }

  /** Composed, stored, acknowledged and shown to everyone, as it should be. */
  deliver(sender: string, target: Target): Composed {
    const composed = this.compose(sender, target);
    this.store(composed);
    this.acknowledge(composed);
    for (const userId of this.#audience(composed)) this.show(userId, composed);
    return composed;
  }

  change(kind: "adding" | "added" | "removing" | "removed", userId: string): void {
    this.add({ kind, groupId: "ops", userId });
  }

  /** The storage is put back to what it held when `backup` was taken. */
  restore(backup: ReadonlyMap<string, readonly InboxItem[]>): void {
    this.inboxes.clear();
    for (const [userId, items] of backup) {
      this.inboxes.set(userId, [...items]);
      this.baseSeqs.set(userId, items.length);
    }
    this.#conversationSeqs.clear();
    for (const { message } of [...backup.values()].flat()) {
      this.#conversationSeqs.set(conversationKey(message.senderId, message.target), message.conversationSeq);
    }
    this.epoch = "e2";
    this.add({ kind: "restored", epoch: "e2" });
  }

  backUp(): Map<string, readonly InboxItem[]> {
    this.add({ kind: "copied" });
    return new Map([...this.inboxes].map(([userId, items]) => [userId, [...items]]));
  }

  seqOf({ messageId }: { readonly messageId: string }, userId: string): number {
    const items = this.inboxes.get(userId) ?? [];
    return items.find(({ message }) => message.messageId === messageId)?.seq ?? items.length + 1;
  }

  /** The classes of what the checker finds, each once. */
  classes(): string[] {
    const final: FinalState = {
      epoch: this.epoch,
      inboxes: this.inboxes,
      baseSeqs: this.baseSeqs,
      stays: new Map([["ops", this.stays]]),
    };
    return [...new Set(checkHistory(this.#events, final).map((violation) => violation.class))];
  }

  #audience({ sender, target }: Composed): readonly string[] {
    if (target.kind === "single") return [...new Set([sender, target.id])];
    return this.stays.filter(({ leftSeq }) => leftSeq === null).map(({ userId }) => userId);
  }

  #put(userId: string, message: Message): void {
    const items = this.inboxes.get(userId) ?? [];
    this.inboxes.set(userId, items);
    items.push({ seq: items.length + 1, message });
    this.add({ kind: "committed", userId, seq: items.length });
  }
}
