import type { Address, ChatMessage } from "../model.js";

/** Most bytes of pictures and texts that a trimmed conversation keeps. */
const MAX_KEPT_BYTES = 4_000_000;

/** One conversation, as far as it is known here: a stretch of messages up to the newest, and what of it was read. */
export class Conversation {
  readonly address: Address;
  /** The other person's or the group's name; `null` until it is known. */
  name: string | null = null;
  /** False for a group the user is not in any more. */
  isOpen = true;
  /** Whether there may be messages before the first one here. */
  hasOlder = true;
  /** Whether they are being asked for, or could not be had. */
  older: "idle" | "loading" | "failed" = "idle";
  /** Position up to which everything was read; `null` while nothing is known. */
  readUpTo: number | null;
  #messages: readonly ChatMessage[] = [];
  readonly #ids = new Set<string>();
  /** What lies before it was dropped here and comes back only with {@link addOlder}. */
  #floor = 0;

  constructor(address: Address, readUpTo: number | null) {
    this.address = address;
    this.readUpTo = readUpTo;
  }

  /** Ascending. */
  get messages(): readonly ChatMessage[] {
    return this.#messages;
  }

  get latest(): ChatMessage | undefined {
    return this.#messages[this.#messages.length - 1];
  }

  get oldestSeq(): number | null {
    return this.#messages[0]?.conversationSeq ?? null;
  }

  /** How many messages came after the last one that was read; notices of the group count. */
  get unread(): number {
    const latest = this.latest?.conversationSeq ?? 0;
    return this.readUpTo === null ? 0 : Math.max(0, latest - this.readUpTo);
  }

  has(messageId: string): boolean {
    return this.#ids.has(messageId);
  }

  /** Takes in what the client delivers, or the newest page of the history. */
  add(messages: readonly ChatMessage[]): void {
    this.#merge(messages.filter(({ conversationSeq }) => conversationSeq >= this.#floor));
  }

  /** Takes in a page that ends right before the first message here. */
  addOlder(messages: readonly ChatMessage[], hasMore: boolean): void {
    this.#floor = 0;
    this.hasOlder = hasMore;
    this.#merge(messages);
  }

  /** Only the newest stay, `most` of them or fewer if they are large; the others come back with {@link addOlder}. */
  trim(most: number): void {
    const kept = this.#messages.slice(-this.#newestThatFit(most));
    if (kept.length === this.#messages.length) return;
    const dropped = this.#messages.slice(0, -kept.length);
    for (const { messageId } of dropped) this.#ids.delete(messageId);
    this.#messages = kept;
    this.#floor = this.oldestSeq ?? 0;
    this.hasOlder = true;
  }

  /** How many of the newest, at least one. */
  #newestThatFit(most: number): number {
    let bytes = 0;
    const tooMany = [...this.#messages].reverse().findIndex(({ content }, index) => {
      bytes += content.length;
      return index >= most || (index > 0 && bytes > MAX_KEPT_BYTES);
    });
    return tooMany === -1 ? this.#messages.length : tooMany;
  }

  #merge(messages: readonly ChatMessage[]): void {
    const fresh = messages.filter(({ messageId }) => !this.#ids.has(messageId));
    if (fresh.length === 0) return;
    for (const { messageId } of fresh) this.#ids.add(messageId);
    this.#messages = [...this.#messages, ...fresh].sort((a, b) => a.conversationSeq - b.conversationSeq);
  }
}

/** The conversation a key names; `null` for anything else. */
export function parseKey(key: string): Address | null {
  const [kind, id, ...rest] = key.split("/");
  if ((kind !== "single" && kind !== "group") || !id || rest.length > 0) return null;
  try {
    return { kind, id: decodeURIComponent(id) };
  } catch {
    return null;
  }
}
