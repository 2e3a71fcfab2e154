import type { InboxPage, PageLimit, Storage } from "../../../adapters/contracts/index.js";
import type { InboxItem, Message, Seq, UserId } from "../../../core/model.js";
import { assertEqual, assertThat, present } from "../assert.js";

/** A page nothing but the end of the inbox cuts. */
export const WHOLE: PageLimit = { maxItems: 1_000_000, maxBytes: 2 ** 30 };

/** Reads a page and checks what is true of every page, whatever happens beside it. */
export async function readPage(
  storage: Storage,
  userId: UserId,
  after: Seq,
  limit: PageLimit = WHOLE,
): Promise<InboxPage> {
  const page = await storage.messages.readInbox(userId, after, limit);
  page.items.forEach((item, index) => {
    assertEqual(item.seq, after + 1 + index, `seq of item ${index} of ${userId}'s page after ${after}`);
  });
  assertThat(page.items.length <= Math.max(1, limit.maxItems), `a page has at most ${limit.maxItems} items`);
  assertThat(page.headSeq >= lastSeq(page, 0), `the head ${page.headSeq} is not below the page's last item`);
  if (page.items.length < limit.maxItems && limit.maxBytes === WHOLE.maxBytes && after <= page.headSeq) {
    // Only a hole, or a head read at another moment than the items, can end a page nothing cuts.
    assertEqual(lastSeq(page, after), page.headSeq, `last item of ${userId}'s uncut page, measured against its head`);
  }
  return page;
}

/** The seq of the last item, or `otherwise` on an empty page. */
export function lastSeq(page: InboxPage, otherwise: Seq): Seq {
  return page.items.at(-1)?.seq ?? otherwise;
}

/** Everything in an inbox, proven dense. */
export async function readAll(storage: Storage, userId: UserId): Promise<readonly InboxItem[]> {
  const page = await readPage(storage, userId, 0);
  assertEqual(page.items.length, page.headSeq, `number of items in ${userId}'s inbox, measured against its head`);
  return page.items;
}

/** The ids in an inbox, in order. */
export async function readIds(storage: Storage, userId: UserId): Promise<string[]> {
  return (await readAll(storage, userId)).map((item) => item.message.messageId);
}

/** The only message of an inbox. */
export async function readOnly(storage: Storage, userId: UserId): Promise<Message> {
  const items = await readAll(storage, userId);
  assertEqual(items.length, 1, `number of items in ${userId}'s inbox`);
  return present(items[0], "the item").message;
}
