import { ImError } from "../../../core/errors.js";
import type { Database } from "../database.js";
import { type Cell, insertAndRead, insertRows } from "../insert-rows.js";
import { messageIdOf, storedId } from "../messages/message-id.js";
import { contentDigest, importedMessageId } from "./import-key.js";
import { movePlace, type Place } from "./import-state.js";
import type { MysqlSource } from "./mysql-source.js";
import { DIGEST } from "./source-rows.js";
import type { Workbench } from "./workbench.js";

/** Of one transaction: messages, inbox rows, bytes of content. At least one message, however large. */
const PAGE = { messages: 1_000, places: 20_000, bytes: 4 * 1024 * 1024 };

/** Name of the phase. */
export const MESSAGES = "messages";

/** Where messages come from and where they go. */
export interface MessageFlow {
  readonly source: MysqlSource;
  /** The original's table of messages. */
  readonly table: string;
  readonly workbench: Workbench;
  readonly database: Database;
}

interface Staged {
  readonly n: number;
  /** The lowest row of the original with a copy. */
  readonly id: number;
  readonly conversation: string;
  readonly place: number;
  readonly sender: number;
  readonly type: number;
  readonly time: number;
  readonly bytes: number;
  readonly digest: Uint8Array;
  readonly copies: number;
}

interface InboxPlace {
  readonly user_id: number;
  readonly place: number;
  readonly message: number;
}

const MESSAGE_COLUMNS = [
  ...["id", "sender_id", "sender_seq", "conversation", "conversation_seq"],
  ...["type", "content", "server_time", "client_time"],
];

/**
 * Writes messages with all their inbox rows, oldest first, from where it was, and moves on to `next`.
 * @param tell is told how many messages a page had
 */
export async function writeMessages(
  flow: MessageFlow,
  begun: number,
  next: string,
  tell: (messages: number) => void,
  pageRows = PAGE.messages,
): Promise<void> {
  for (let place: Place = { phase: MESSAGES, done: begun }; ; ) {
    const staged = await readStaged(flow.workbench, place.done, pageRows);
    const last = staged.at(-1)?.n;
    const to: Place = last === undefined ? { phase: next, done: 0 } : { phase: MESSAGES, done: last };
    // Everything slow before the transaction: a server ends one that stands still.
    const inboxes = await readInboxes(flow.workbench, place.done, last ?? place.done);
    const contents = await readContents(flow, staged);
    await writePage(flow.database, staged, inboxes, contents, [place, to]);
    if (last === undefined) return;
    tell(staged.length);
    place = to;
  }
}

async function readStaged(workbench: Workbench, after: number, limit: number): Promise<Staged[]> {
  const sql = `select message.*, digest from message join source_messages as staged on staged.id = message.id
    where n > ? order by n limit ?`;
  const rows = await workbench.read<Staged>(sql, [after, limit]);
  let [places, bytes] = [0, 0];
  const end = rows.findIndex((row) => {
    places += row.copies;
    bytes += row.bytes;
    return places > PAGE.places || bytes > PAGE.bytes;
  });
  return end < 0 ? rows : rows.slice(0, Math.max(1, end));
}

function readInboxes(workbench: Workbench, after: number, upTo: number): Promise<InboxPlace[]> {
  const sql = "select user_id, place, message from inbox where message > ? and message <= ? order by user_id, place";
  return workbench.read<InboxPlace>(sql, [after, upTo]);
}

/** All but `id` are `null` where a table that somebody made has no content. */
interface Content {
  readonly id: number;
  readonly content: Buffer | string | null;
  readonly bytes: number | null;
  readonly digest: string | null;
}

/** Errors: `operation_failed` for a content that is not the one whose digest was staged. */
async function readContents({ source, table }: MessageFlow, staged: readonly Staged[]): Promise<Map<number, Buffer>> {
  if (staged.length === 0) return new Map();
  const sql = `select id, content, length(content) as bytes, ${DIGEST} as digest from \`${table}\` where id in (?)`;
  const found = await source.read<Content>(sql, [staged.map(({ id }) => id)]);
  const rows = new Map(found.map((row) => [row.id, row]));
  return new Map(staged.map((each) => [each.id, contentOf(each, rows.get(each.id))]));
}

function contentOf({ id, bytes, digest }: Staged, row: Content | undefined): Buffer {
  const isSame = row !== undefined && (row.bytes ?? 0) === bytes && contentDigest(row.digest ?? "").equals(digest);
  if (!isSame) throw rowIsAnother(id);
  return Buffer.isBuffer(row.content) ? row.content : Buffer.from(row.content ?? "");
}

async function writePage(
  database: Database,
  staged: readonly Staged[],
  inboxes: readonly InboxPlace[],
  contents: ReadonlyMap<number, Buffer>,
  [from, to]: readonly [Place, Place],
): Promise<void> {
  const own = new Map(inboxes.map(({ user_id, place, message }) => [`${message} ${user_id}`, place]));
  const ids = new Map(staged.map(({ n, id, sender }) => [n, importedMessageId(String(sender), id)]));
  const rows = staged.map((row) => cellsOf(row, ids.get(row.n) ?? "", own, contents));
  await database.transaction(async (trx) => {
    await movePlace(trx, from, to);
    const reading = { key: "id", columns: ["row_id", "id"] };
    const { dialect } = database;
    const written = await insertAndRead<RowOfMessage>(trx, dialect, "shyim_message", MESSAGE_COLUMNS, rows, reading);
    const rowIds = new Map(written.map(({ row_id, id }) => [messageIdOf(id), row_id]));
    const places = inboxes.map(({ user_id, place, message }) => {
      return [String(user_id), place, rowIds.get(ids.get(message) ?? "") ?? null];
    });
    await insertRows(trx, dialect, "shyim_inbox", ["user_id", "seq", "message_row"], places);
  });
}

interface RowOfMessage {
  readonly row_id: number;
  readonly id: Uint8Array;
}

function cellsOf(
  { n, id, conversation, place, sender, type, time }: Staged,
  messageId: string,
  own: ReadonlyMap<string, number>,
  contents: ReadonlyMap<number, Buffer>,
): Cell[] {
  const content = contents.get(id) ?? null;
  const senderSeq = own.get(`${n} ${sender}`) ?? 0;
  return [storedId(messageId), String(sender), senderSeq, conversation, place, type, content, time, time];
}

function rowIsAnother(id: number): ImError {
  const message = `the message with the row id ${id} is not what it was when this import began: it has changed or is gone. Put back what was there, or import into a new target`;
  return new ImError("operation_failed", { message });
}
