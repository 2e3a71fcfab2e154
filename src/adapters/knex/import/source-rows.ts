import { conversationKey } from "../../../core/model.js";
import type { Cell } from "../insert-rows.js";
import type { Fault } from "./faults.js";
import { contentDigest, fingerprint } from "./import-key.js";
import type { ImportPart } from "./import-plan.js";
import type { MysqlSource } from "./mysql-source.js";
import type { SourceTables } from "./source-tables.js";
import { signInNumber, storableText, tidyName } from "./tidy-text.js";
import { timeOf } from "./wall-clock.js";

/** A number of the original's that is beyond 2^53 names nobody, as 0 does. */
const idOf = (column: string): string =>
  `if(${column} between 1 and ${Number.MAX_SAFE_INTEGER}, ${column}, 0) as ${column}`;

/** What a database calls the digest of a content. */
export const DIGEST = "sha2(content, 256)";

/** What is read of each table besides `id`. Of content its digest: the bytes themselves only when they are written. */
const SELECTED: Readonly<Record<ImportPart, string>> = {
  users: "phone_number, nickname, password",
  friends: `${idOf("user_id")}, ${idOf("friend_id")}`,
  groups: `name, ${idOf("owner_id")}`,
  members: `${idOf("group_id")}, ${idOf("user_id")}`,
  messages: `${idOf("user_id")}, ${idOf("sender_id")}, session_type, ${idOf("receiver_id")}, message_type,
    length(content) as bytes, ${DIGEST} as digest, least(seq, ${Number.MAX_SAFE_INTEGER}) as seq,
    cast(send_time as char) as send_time`,
};

/** The columns of a page of the workbench, by part. */
export const STAGED: Readonly<Record<ImportPart, readonly string[]>> = {
  users: ["id", "phone", "wanted_phone", "nickname", "password", "is_renamed", "fault"],
  friends: ["id", "user_id", "friend_id", "fault"],
  groups: ["id", "name", "owner_id", "is_renamed", "fault"],
  members: ["id", "group_id", "user_id", "fault"],
  messages: [
    ...["id", "inbox", "sender", "kind", "target", "conversation", "type"],
    ...["bytes", "digest", "seq", "time", "print", "fault"],
  ],
};

/** A row as the driver gives it. Integers that are safe are numbers. */
export type SourceRow = Readonly<Record<string, string | number | null>> & { readonly id: number };

/** What a row depends on besides itself. */
export interface RowRules {
  readonly sendTimeKeeps: SourceTables["sendTimeKeeps"];
  readonly maxContentBytes: number;
}

/** A page of one table, ascending by `id`. */
export async function readPage(
  source: MysqlSource,
  part: ImportPart,
  table: string,
  range: { readonly after: number; readonly upTo: number; readonly limit: number },
): Promise<SourceRow[]> {
  const sql = `select id, ${SELECTED[part]} from \`${table}\` where id > ? and id <= ? order by id limit ?`;
  return source.read<SourceRow>(sql, [range.after, range.upTo, range.limit]);
}

/** What the workbench keeps of a row. */
export function stagedCells(part: ImportPart, row: SourceRow, rules: RowRules): Cell[] {
  return TO_CELLS[part](row, rules);
}

const TO_CELLS: Readonly<Record<ImportPart, (row: SourceRow, rules: RowRules) => Cell[]>> = {
  users: ({ id, ...row }) => {
    const [phone, nickname] = [textOf(row.phone_number), textOf(row.nickname)];
    const name = tidyName(nickname, String(id));
    const wanted = signInNumber(phone);
    return [id, storableText(phone), wanted, name, passwordOf(row.password), Number(name !== nickname), null];
  },
  friends: ({ id, user_id, friend_id }) => [id, Number(user_id), Number(friend_id), null],
  groups: ({ id, ...row }) => {
    const [before, name] = [textOf(row.name), tidyName(textOf(row.name), String(id))];
    return [id, name, Number(row.owner_id), Number(name !== before), null];
  },
  members: ({ id, group_id, user_id }) => [id, Number(group_id), Number(user_id), null],
  messages: messageCells,
};

function messageCells(row: SourceRow, rules: RowRules): Cell[] {
  const numbers = [row.user_id, row.sender_id, row.session_type, row.receiver_id, row.message_type].map(Number);
  const [inbox, sender, kind, target, type] = numbers as [number, number, number, number, number];
  const bytes = Number(row.bytes ?? 0);
  const sent = textOf(row.send_time);
  const print = fingerprint([sender, kind, target, type, textOf(row.digest), sent]);
  const to = { kind: kind === 2 ? "group" : "single", id: String(target) } as const;
  const conversation = conversationKey(String(sender), to);
  const time = timeOf(sent, rules.sendTimeKeeps);
  const fault = faultOf({ kind, type, bytes }, rules);
  const digest = contentDigest(textOf(row.digest));
  return [row.id, inbox, sender, kind, target, conversation, type, bytes, digest, Number(row.seq), time, print, fault];
}

/** What can be said of a message without looking at any other row. */
function faultOf(
  { kind, type, bytes }: { readonly kind: number; readonly type: number; readonly bytes: number },
  { maxContentBytes }: RowRules,
): Fault | null {
  if (kind !== 1 && kind !== 2) return "unknown_session";
  if (type < 1 || type > 3) return "unknown_type";
  return bytes > maxContentBytes ? "too_large" : null;
}

/** What stands for a password nobody can sign in with. */
const NO_PASSWORD = "none";

/**
 * The original's `md5(password + salt)`, marked as what it is. No server takes it for one of its own hashes: nobody signs in
 * with it.
 */
function passwordOf(value: SourceRow[string] | undefined): string {
  const text = textOf(value).toLowerCase();
  return /^[0-9a-f]{32}$/.test(text) ? `shyim-md5$${text}` : NO_PASSWORD;
}

function textOf(value: SourceRow[string] | undefined): string {
  return value === null || value === undefined ? "" : String(value);
}
