import type { MessageId, Seq } from "../../../core/model.js";
import type { ShownItem } from "../history.js";
import type { DeviceFacts, Facts } from "./facts.js";
import type { Violation, ViolationClass } from "./violation.js";

/** I6, I7, I11, I19: what each device shows: every item once, in order, true, the same everywhere. */
export function checkScreens(facts: Facts): Violation[] {
  const atlas = new Map<string, MessageId>();
  for (const [userId, items] of facts.final.inboxes) {
    for (const { seq, message } of items) atlas.set(place(facts.final.epoch, userId, seq), message.messageId);
  }
  return facts.devices.flatMap((device) => new Screen(facts, device, atlas).check());
}

const place = (epoch: string, userId: string, seq: Seq): string => `${epoch} ${userId} ${seq}`;

/** One device from its first start to its last. */
class Screen {
  readonly #facts: Facts;
  readonly #device: DeviceFacts;
  readonly #atlas: Map<string, MessageId>;
  readonly #found: Violation[] = [];
  #known = new Map<MessageId, ShownItem>();
  #gaps: { readonly item: ShownItem; readonly seq: Seq }[] = [];
  #epoch = "";
  #last: Seq = 0;

  /** @param atlas which message stands at which place; shared by all devices, and filled by them */
  constructor(facts: Facts, device: DeviceFacts, atlas: Map<string, MessageId>) {
    this.#facts = facts;
    this.#device = device;
    this.#atlas = atlas;
  }

  check(): Violation[] {
    for (const start of this.#device.starts) {
      this.#reopen(start.saved);
      for (const { event } of start.shown) this.#show(event.item);
    }
    for (const item of this.#known.values()) this.#compareWithStorage(item);
    this.#checkGaps();
    this.#checkComplete();
    return this.#found;
  }

  /** The screen is drawn again from the store: what was shown and not saved comes again, what was saved and not shown is there. */
  #reopen(saved: readonly ShownItem[]): void {
    this.#known = new Map();
    this.#gaps = [];
    this.#epoch = "";
    this.#last = 0;
    for (const item of saved) this.#show(item);
  }

  #show(item: ShownItem): void {
    if (item.epoch !== this.#epoch) {
      this.#epoch = item.epoch;
      this.#last = 0;
    }
    if (this.#known.has(item.messageId)) this.#report("duplicate", item, "shown twice");
    else if (item.seq <= this.#last) this.#report("nonmonotonic", item, `shown after ${this.#last}`);
    else this.#noteGap(item);
    this.#last = Math.max(this.#last, item.seq);
    this.#known.set(item.messageId, item);
    this.#comparePlace(item);
  }

  /** Between the last item and this one there may only be what this device had before a restore, or never shows. */
  #noteGap(item: ShownItem): void {
    for (let seq = this.#last + 1; seq < item.seq; seq++) {
      if (!this.#mayPass(item.epoch, seq)) this.#gaps.push({ item, seq });
    }
  }

  /** A gap that was filled later has been reported as going backwards. */
  #checkGaps(): void {
    const filled = new Set([...this.#known.values()].map((item) => `${item.epoch} ${item.seq}`));
    for (const { item, seq } of this.#gaps) {
      if (!filled.has(`${item.epoch} ${seq}`)) this.#report("skip", item, `shown, and ${seq} never was`);
    }
  }

  #mayPass(epoch: string, seq: Seq): boolean {
    const { userId, author } = this.#device;
    if (author === "legacy") {
      const passed = this.#facts.final.inboxes.get(userId)?.[seq - 1];
      return passed?.message.senderId === userId;
    }
    const messageId = this.#atlas.get(place(epoch, userId, seq));
    return messageId !== undefined && this.#known.has(messageId);
  }

  #comparePlace(item: ShownItem): void {
    const key = place(
      this.#device.author === "legacy" ? this.#facts.final.epoch : item.epoch,
      this.#device.userId,
      item.seq,
    );
    const other = this.#atlas.get(key);
    if (other !== undefined && other !== item.messageId) {
      this.#report("inconsistent", item, `${item.messageId} stands where ${other} stands elsewhere`);
    }
    this.#atlas.set(key, item.messageId);
  }

  #compareWithStorage(item: ShownItem): void {
    this.#compareWithAuthor(item);
    const stored = this.#facts.stored.get(item.messageId);
    if (stored === undefined) {
      if (this.#isOfLastEpoch(item)) this.#report("aborted-read", item, "shown, and not stored");
      return;
    }
    const isSame =
      stored.operation === item.operation &&
      stored.conversation === item.conversation &&
      stored.message.senderId === item.senderId;
    if (!isSame) this.#report("inconsistent", item, "shown otherwise than stored");
    if (stored.holders.has(this.#device.userId)) return;
    if (this.#isOfLastEpoch(item)) this.#report("leaked", item, "shown to someone who should not have it");
  }

  #compareWithAuthor(item: ShownItem): void {
    const invoke = this.#facts.invoked.get(item.operation)?.event;
    if (invoke?.userId === item.senderId && invoke.conversation === item.conversation) return;
    this.#report("forged", item, `shown as ${item.senderId} in "${item.conversation}"`);
  }

  /** What was shown under an epoch that ended may be gone with it. */
  #isOfLastEpoch(item: ShownItem): boolean {
    return this.#device.author === "legacy" || item.epoch === this.#facts.final.epoch;
  }

  /** What is missing before the last item shown is a gap; here is what is missing behind it. */
  #checkComplete(): void {
    const { userId, author, device } = this.#device;
    const isCurrent = author === "legacy" || this.#epoch === this.#facts.final.epoch;
    for (const { seq, message } of this.#facts.final.inboxes.get(userId) ?? []) {
      if ((isCurrent && seq <= this.#last) || this.#known.has(message.messageId)) continue;
      if (author === "legacy" && message.senderId === userId) continue;
      this.#found.push({ class: "unseen", device, text: `${device} never shows ${seq} of its inbox` });
    }
  }

  #report(kind: ViolationClass, item: ShownItem, text: string): void {
    const { device } = this.#device;
    this.#found.push({ class: kind, device, operation: item.operation, text: `${device}, ${item.seq}: ${text}` });
  }
}
