import { conversationKey, type Message, type Target, type UserId } from "../../core/model.js";
import type { HistoryPage, PageLimit } from "../contracts/index.js";
import type { Tables } from "./tables.js";

/** What an item costs in a page besides its content: ids, numbers and times. */
export const ITEM_OVERHEAD_BYTES = 100;

/** The positions above `low` up to `high`. */
interface Stretch {
  readonly low: number;
  readonly high: number;
}

/** Reads a conversation backwards from `before`, as far as `viewerId` may see it. */
export function readConversation(
  tables: Tables,
  viewerId: UserId,
  target: Target,
  before: number,
  { maxItems, maxBytes }: PageLimit,
): HistoryPage {
  const messages = tables.conversations.get(conversationKey(viewerId, target)) ?? [];
  const top = before === 0 ? messages.length : Math.min(before - 1, messages.length);
  const page: Message[] = [];
  let bytes = 0;
  for (const position of descending(stretchesOf(tables, viewerId, target), top)) {
    const message = messages[position - 1] as Message;
    bytes += message.content.length + ITEM_OVERHEAD_BYTES;
    if (page.length > 0 && (page.length >= maxItems || bytes > maxBytes)) return pageOf(page, true);
    page.push(message);
  }
  return pageOf(page, false);
}

/** What a viewer may see, ascending. The empty id is the system's: what it says to a user is not to be read here. */
function stretchesOf({ groups }: Tables, viewerId: UserId, target: Target): Stretch[] {
  if (viewerId === "" || target.id === "") return [];
  if (target.kind === "single") return [{ low: 0, high: Number.POSITIVE_INFINITY }];
  const stays = groups.get(target.id)?.staysOf(viewerId) ?? [];
  return stays.map(({ joinedSeq, leftSeq }) => ({ low: joinedSeq, high: leftSeq ?? Number.POSITIVE_INFINITY }));
}

function* descending(stretches: readonly Stretch[], top: number): Generator<number> {
  for (const { low, high } of [...stretches].reverse()) {
    for (let position = Math.min(high, top); position > low; position--) yield position;
  }
}

function pageOf(newestFirst: Message[], hasMore: boolean): HistoryPage {
  return { messages: newestFirst.reverse(), hasMore };
}
