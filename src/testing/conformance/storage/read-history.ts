import type { HistoryPage, PageLimit, Storage } from "../../../adapters/contracts/index.js";
import type { Message, Target, UserId } from "../../../core/model.js";
import { assertEqual, assertThat } from "../assert.js";
import { WHOLE } from "./read-all.js";

/** Reads a page of a conversation and checks what is true of every page. */
export async function readWindow(
  storage: Storage,
  viewerId: UserId,
  target: Target,
  before: number,
  limit: number | PageLimit,
): Promise<HistoryPage> {
  const cut = typeof limit === "number" ? { ...WHOLE, maxItems: limit } : limit;
  const page = await storage.messages.readConversation(viewerId, target, before, cut);
  const positions = page.messages.map((message) => message.conversationSeq);
  const ascending = [...new Set(positions)].sort((a, b) => a - b);
  assertEqual(positions, ascending, "positions of a page, which ascend");
  assertThat(positions.length <= Math.max(1, cut.maxItems), `a page has at most ${cut.maxItems} messages`);
  const bytes = page.messages.reduce((sum, message) => sum + message.content.length, 0);
  assertThat(positions.length <= 1 || bytes <= cut.maxBytes, `a page of several messages fits ${cut.maxBytes} bytes`);
  assertThat(before === 0 || (positions.at(-1) ?? 0) < before, `a page before ${before} ends below it`);
  assertThat(positions.length > 0 || !page.hasMore, "a page without messages is the last one");
  return page;
}

/** A whole conversation, page by page backwards. */
export async function readWhole(
  storage: Storage,
  viewerId: UserId,
  target: Target,
  drawLimit: () => number | PageLimit,
): Promise<Message[]> {
  const messages: Message[] = [];
  for (let before = 0; ; ) {
    const page = await readWindow(storage, viewerId, target, before, drawLimit());
    messages.unshift(...page.messages);
    if (!page.hasMore) return messages;
    before = messages[0]?.conversationSeq ?? 0;
  }
}
