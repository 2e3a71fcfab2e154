import type { Knex } from "knex";
import { conversationKey, type Message, type Target, type UserId } from "../../../core/model.js";
import type { HistoryPage, PageLimit } from "../../contracts/index.js";
import { ITEM_OVERHEAD_BYTES, MESSAGE_COLUMNS, type MessageRow, messageOf } from "./message-row.js";
import { readWhole } from "./read-whole.js";
import { type RowsOf, toSafeInteger } from "./statement.js";

/** The newest of the viewer's stays that has something below a position: the member's who is in, or an ended one. */
const NEWEST_STAY = `
  select joined_seq, left_seq from (
    select joined_seq, left_seq from shyim_past_stay where group_id = ? and user_id = ?
    union all
    select joined_seq, ${Number.MAX_SAFE_INTEGER} from shyim_group_member where group_id = ? and user_id = ?
  ) as stays where joined_seq < left_seq and joined_seq < ?
  order by joined_seq desc limit 1`;

/** Of a single chat everything is its two users'. */
const WHOLE_CHAT = `select 0 as joined_seq, ${Number.MAX_SAFE_INTEGER} as left_seq`;

/**
 * One statement, so one moment: who is removed meanwhile sees nothing of what came after. It walks the conversation's key
 * downwards within one stay; sizes are added up on the way, and content is fetched only for what fits. One message more than
 * asked for is walked over, to know whether there is one. Both ends of the walk are values and near one another: MariaDB would
 * walk the whole conversation between ends that it has to look up, and add up all sizes before it takes the first ones.
 */
const stretchSql = (stay: string): string => `
  with stay as (${stay})
  select stay.joined_seq, stay.left_seq, conversation.seq as newest_seq, page.place, ${MESSAGE_COLUMNS}
  from stay
  left join shyim_conversation as conversation on conversation.id = ?
  left join (
    select row_id, row_number() over newest as place, sum(length(content) + ${ITEM_OVERHEAD_BYTES}) over newest as bytes
    from shyim_message
    where conversation = ? and conversation_seq < ? and conversation_seq >= ?
      and conversation_seq > (select joined_seq from stay) and conversation_seq <= (select left_seq from stay)
    window newest as (order by conversation_seq desc)
    order by conversation_seq desc limit ?
  ) as page on true
  left join shyim_message as message on message.row_id = page.row_id
    and page.place <= ? and (page.bytes <= ? or page.place <= ?)`;

/** A row for each message walked over, without its message where that is left for the next page. */
interface StretchRow extends MessageRow {
  readonly joined_seq: number;
  readonly left_seq: number;
  readonly newest_seq: number | null;
  readonly place: number | null;
}

/** What is still to be read: everything below `before`, so many messages and bytes, and the first ones however large. */
interface Rest {
  readonly before: number;
  /** The lowest position that is walked over. */
  readonly from: number;
  readonly items: number;
  readonly bytes: number;
  readonly atLeast: number;
}

/**
 * Reads a conversation backwards from `before`: one statement; one more where `before` is above the newest message that may be
 * read, as for the newest page; and one or two for each further stay that the page reaches.
 */
export async function readConversation(
  db: Knex,
  rowsOf: RowsOf,
  viewerId: UserId,
  target: Target,
  before: number,
  limit: PageLimit,
): Promise<HistoryPage> {
  // The empty id is the system's: what it says to a user is not to be read here.
  if (viewerId === "" || target.id === "") return { messages: [], hasMore: false };
  const newestFirst: Message[] = [];
  for (let below = before === 0 ? Number.MAX_SAFE_INTEGER : toSafeInteger(before); ; ) {
    const rest = restOf(newestFirst, below, limit);
    const read = () => readStretch(db, rowsOf, viewerId, target, rest);
    const rows = await readWhole(read, (stretch) => isWhole(stretch, rest));
    const taken = rows.filter(({ id }) => id !== null).map(messageOf);
    newestFirst.push(...taken);
    const hasMore = rows.filter(({ place }) => place !== null).length > taken.length;
    const next = nextBelow(rows[0], rest.from);
    if (hasMore || next <= 1) return { messages: newestFirst.reverse(), hasMore };
    below = next;
  }
}

/** Whether every position was walked over that is within the stay, the conversation and the walk. */
function isWhole(rows: readonly StretchRow[], { before, from, items }: Rest): boolean {
  const [row] = rows;
  if (row === undefined) return true;
  const top = Math.min(before - 1, row.left_seq, row.newest_seq ?? 0);
  const expected = Math.min(items + 1, top - Math.max(from, row.joined_seq + 1) + 1);
  return rows.filter(({ place }) => place !== null).length >= expected;
}

/** Where to go on when everything of a stretch was taken: in the same stay, as long as there may be more of it, or below it. */
function nextBelow(row: StretchRow | undefined, from: number): number {
  if (row === undefined) return 0;
  const top = Math.min(row.left_seq, row.newest_seq ?? 0);
  // A walk that began above everything there is has not met it yet.
  return Math.max(row.joined_seq, Math.min(from - 1, top)) + 1;
}

function restOf(taken: readonly Message[], before: number, { maxItems, maxBytes }: PageLimit): Rest {
  const bytes = taken.reduce((sum, { content }) => sum + content.length + ITEM_OVERHEAD_BYTES, 0);
  const items = toSafeInteger(Math.max(1, Math.min(maxItems, Number.MAX_SAFE_INTEGER - 1)) - taken.length);
  return {
    before,
    from: Math.max(1, before - items - 1),
    items,
    bytes: toSafeInteger(Math.max(0, maxBytes - bytes)),
    atLeast: taken.length === 0 ? 1 : 0,
  };
}

async function readStretch(
  db: Knex,
  rowsOf: RowsOf,
  viewerId: UserId,
  target: Target,
  { before, from, items, bytes, atLeast }: Rest,
): Promise<StretchRow[]> {
  const isGroup = target.kind === "group";
  const stay = isGroup ? [target.id, viewerId, target.id, viewerId, before - 1] : [];
  const key = conversationKey(viewerId, target);
  const answer: unknown = await db.raw(stretchSql(isGroup ? NEWEST_STAY : WHOLE_CHAT), [
    ...stay,
    ...[key, key, before, from, items + 1, items, bytes, atLeast],
  ]);
  // Sorted here, where it costs nothing: the database would carry all content through a sorter.
  return (rowsOf(answer) as StretchRow[]).sort((a, b) => (a.place ?? 0) - (b.place ?? 0));
}
