import type { Knex } from "knex";
import type { InboxItem, Seq, SyncEpoch, UserId } from "../../../core/model.js";
import type { InboxPage, PageLimit } from "../../contracts/index.js";
import { missingEpoch } from "../meta.js";
import { ITEM_OVERHEAD_BYTES, MESSAGE_COLUMNS, type MessageRow, messageOf } from "./message-row.js";
import { readWhole } from "./read-whole.js";
import { type RowsOf, toSafeInteger } from "./statement.js";

/** One row of the page; without items there is one, with nulls where the message would be. */
interface PageRow extends MessageRow {
  readonly sync_epoch: SyncEpoch;
  readonly head_seq: number | null;
  readonly floor_seq: number | null;
  readonly base_seq: number | null;
  readonly seq: number | null;
}

/**
 * One statement, so one moment: the epoch, the head, and the items behind `after`. The inbox is read along its key; the size
 * of what would come is added up on the way (a length costs no reading of the content), and content is fetched only for
 * what fits.
 */
const PAGE_SQL = `
  select meta.value as sync_epoch, head.seq as head_seq, head.floor_seq, head.base_seq, page.seq,
    ${MESSAGE_COLUMNS}
  from shyim_meta as meta
  left join shyim_inbox_head as head on head.user_id = ?
  left join (
    select inbox.seq, inbox.message_row,
      sum(length(sized.content) + ${ITEM_OVERHEAD_BYTES}) over (order by inbox.seq) as bytes
    from shyim_inbox as inbox join shyim_message as sized on sized.row_id = inbox.message_row
    where inbox.user_id = ? and inbox.seq > ? and inbox.seq <= ?
    order by inbox.seq limit ?
  ) as page on page.bytes <= ? or page.seq = ?
  left join shyim_message as message on message.row_id = page.message_row
  where meta.name = 'sync_epoch'`;

/** Reads what follows `after` in an inbox. */
export async function readInbox(
  db: Knex,
  rowsOf: RowsOf,
  userId: UserId,
  after: Seq,
  limit: PageLimit,
): Promise<InboxPage> {
  const { maxItems, maxBytes } = limit;
  const [items, bytes] = [Math.max(1, maxItems), Math.max(0, maxBytes)].map(toSafeInteger) as [number, number];
  const read = () => readPage(db, rowsOf, userId, after, items, bytes);
  return readWhole(read, (page) => isWhole(page, after, items, bytes));
}

/**
 * Whether it has everything up to the head, or up to a limit. A page that is more than half full of bytes counts as cut by them:
 * the next item may be a large one, and to read large pages twice would be a high price for what harms nobody.
 */
function isWhole({ items, headSeq }: InboxPage, after: Seq, maxItems: number, maxBytes: number): boolean {
  if (items.length >= Math.min(maxItems, headSeq - after)) return true;
  const bytes = items.reduce((sum, { message }) => sum + message.content.length + ITEM_OVERHEAD_BYTES, 0);
  return bytes > maxBytes / 2;
}

async function readPage(
  db: Knex,
  rowsOf: RowsOf,
  userId: UserId,
  after: Seq,
  items: number,
  bytes: number,
): Promise<InboxPage> {
  const answer: unknown = await db.raw(PAGE_SQL, [
    userId,
    userId,
    after,
    toSafeInteger(after + items),
    items,
    bytes,
    toSafeInteger(after + 1),
  ]);
  // Sorted here, where it costs nothing: the database would carry all content through a sorter.
  const rows = (rowsOf(answer) as PageRow[]).sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0));
  const [first] = rows;
  if (first === undefined) return missingEpoch();
  return {
    items: adjacentItems(rows, after),
    headSeq: first.head_seq ?? 0,
    floorSeq: first.floor_seq ?? 0,
    baseSeq: first.base_seq ?? 0,
    syncEpoch: first.sync_epoch,
  };
}

/** Up to the first hole, which should not be there: what lies behind it must not be taken for what comes next. */
function adjacentItems(rows: readonly PageRow[], after: Seq): InboxItem[] {
  const items: InboxItem[] = [];
  for (const row of rows) {
    if (row.seq !== after + 1 + items.length) break;
    items.push({ seq: row.seq, message: messageOf(row) });
  }
  return items;
}
