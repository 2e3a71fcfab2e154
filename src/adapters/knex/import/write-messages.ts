import { ImError } from "../../../core/errors.js";
import type { Database } from "../database.js";
import { type Cell, insertAndRead, insertRows } from "../insert-rows.js";
import { messageIdOf, storedId } from "../messages/message-id.js";
import { importedMessageId } from "./import-key.js";
import { movePlace, type Place } from "./import-state.js";
import type { MysqlSource } from "./mysql-source.js";
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
  const rows = await workbench.read<Staged>("select * from message where n > ? order by n limit ?", [after, limit]);
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

async function readContents({ source, table }: MessageFlow, staged: readonly Staged[]): Promise<Map<number, Buffer>> {
  if (staged.length === 0) return new Map();
  const sql = `select id, content from \`${table}\` where id in (?)`;
  const rows = await source.read<{ id: number; content: Buffer | string }>(sql, [staged.map(({ id }) => id)]);
  return new Map(rows.map(({ id, content }) => [id, typeof content === "string" ? Buffer.from(content) : content]));
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
  const content = contents.get(id);
  if (content === undefined) throw rowIsGone(id);
  const senderSeq = own.get(`${n} ${sender}`) ?? 0;
  return [storedId(messageId), String(sender), senderSeq, conversation, place, type, content, time, time];
}

function rowIsGone(id: number): ImError {
  const message = `the message with the row id ${id} was in the source a moment ago and is gone: put it back, or import into a new target`;
  return new ImError("no_data", { message });
}
