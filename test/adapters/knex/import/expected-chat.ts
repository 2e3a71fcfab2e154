import { createHash } from "node:crypto";

/** A row of the original's table of messages, as a test has written it. */
export interface WrittenRow {
  readonly id: number;
  readonly user_id: number;
  readonly sender_id: number;
  readonly session_type: number;
  readonly receiver_id: number;
  readonly message_type: number;
  readonly content: string;
  readonly seq: number;
  readonly send_time: string;
}

/** What a test has written into the original's tables. */
export interface Written {
  readonly users: readonly number[];
  /** Members in the order of their rows, the owner wherever. */
  readonly groups: ReadonlyMap<number, { readonly owner: number; readonly members: readonly number[] }>;
  readonly rows: readonly WrittenRow[];
}

interface ExpectedMessage {
  readonly messageId: string;
  readonly conversation: string;
  readonly lead: WrittenRow;
  readonly rows: readonly WrittenRow[];
}

/** What has to come of it. */
export interface ExpectedChat {
  /** Message ids of each inbox, from place 1 on. */
  readonly inboxes: ReadonlyMap<number, readonly string[]>;
  /** Message ids of each conversation, from position 1 on. */
  readonly conversations: ReadonlyMap<string, readonly string[]>;
  /** Of each group: who is in, and above which position. */
  readonly joined: ReadonlyMap<number, ReadonlyMap<number, number>>;
}

/** The rules of the import once more, as plainly as they can be written, for as much as fits into memory. */
export function expectedChat(written: Written, maxContentBytes: number): ExpectedChat {
  const taken = written.rows.filter((row) => isTaken(row, written, maxContentBytes));
  const messages = messagesOf(taken).filter((message) => wasHeard(message, written));
  const byTime = [...messages].sort((a, b) => compare(a.lead.send_time, b.lead.send_time) || a.lead.id - b.lead.id);
  const conversations = groupBy(byTime, ({ conversation }) => conversation);
  const places = messages.flatMap((message) => message.rows.map((row) => ({ row, message })));
  places.sort((a, b) => a.row.seq - b.row.seq || a.row.id - b.row.id);
  const inboxes = groupBy(places, ({ row }) => row.user_id);
  return {
    inboxes: mapValues(inboxes, (each) => each.map(({ message }) => message.messageId)),
    conversations: mapValues(conversations, (each) => each.map(({ messageId }) => messageId)),
    joined: new Map([...written.groups].map(([id, group]) => [id, joinedOf(`g ${id}`, group.members, conversations)])),
  };
}

function isTaken(row: WrittenRow, { users, groups }: Written, maxContentBytes: number): boolean {
  const isSingle = row.session_type === 1;
  if (![1, 2].includes(row.session_type) || ![1, 2, 3].includes(row.message_type)) return false;
  if (Buffer.byteLength(row.content) > maxContentBytes) return false;
  if (!users.includes(row.sender_id) || !users.includes(row.user_id)) return false;
  if (!isSingle) return groups.has(row.receiver_id);
  return users.includes(row.receiver_id) && [row.sender_id, row.receiver_id].includes(row.user_id);
}

function messagesOf(rows: readonly WrittenRow[]): ExpectedMessage[] {
  const alike = groupBy(rows, (row) =>
    JSON.stringify([row.sender_id, row.session_type, row.receiver_id, row.message_type, row.content, row.send_time]),
  );
  return [...alike.values()].flatMap((copies) => {
    const nth = [...groupBy(copies, (row) => row.user_id).values()].flatMap((own) =>
      [...own].sort((a, b) => a.id - b.id).map((row, index) => ({ row, index })),
    );
    return [...groupBy(nth, ({ index }) => index).values()].map((each) => messageOf(each.map(({ row }) => row)));
  });
}

function messageOf(rows: readonly WrittenRow[]): ExpectedMessage {
  const lead = [...rows].sort((a, b) => a.id - b.id)[0] as WrittenRow;
  const key = `${lead.sender_id} import ${lead.id}`;
  const pair = [String(lead.sender_id), String(lead.receiver_id)].sort().join(" ");
  const conversation = lead.session_type === 2 ? `g ${lead.receiver_id}` : `s ${pair}`;
  return { messageId: createHash("sha256").update(key).digest("hex").slice(0, 32), conversation, lead, rows };
}

/** A stranger's message to a group was stored for the stranger alone. */
function wasHeard({ lead, rows }: ExpectedMessage, { groups }: Written): boolean {
  if (lead.session_type === 1 || rows.length > 1 || lead.user_id !== lead.sender_id) return true;
  return groups.get(lead.receiver_id)?.members.includes(lead.sender_id) ?? false;
}

function joinedOf(key: string, members: readonly number[], all: ReadonlyMap<string, readonly ExpectedMessage[]>) {
  const messages = all.get(key) ?? [];
  return new Map(
    members.map((userId) => {
      const first = messages.findIndex(({ rows }) => rows.some((row) => row.user_id === userId));
      return [userId, first < 0 ? messages.length : first];
    }),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function groupBy<Key, Value>(values: readonly Value[], keyOf: (value: Value) => Key): Map<Key, Value[]> {
  const groups = new Map<Key, Value[]>();
  for (const value of values) groups.set(keyOf(value), [...(groups.get(keyOf(value)) ?? []), value]);
  return groups;
}

function mapValues<Key, From, To>(map: ReadonlyMap<Key, From>, change: (value: From) => To): Map<Key, To> {
  return new Map([...map].map(([key, value]) => [key, change(value)]));
}
