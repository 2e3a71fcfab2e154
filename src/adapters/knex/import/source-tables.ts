import { ImError } from "../../../core/errors.js";
import { type ImportPart, PARTS } from "./import-plan.js";
import type { MysqlSource } from "./mysql-source.js";

/** What the original calls its tables, what gorm would call them by itself, and what is read of them. */
const EXPECTED: Readonly<
  Record<ImportPart, { readonly names: readonly string[]; readonly columns: readonly string[] }>
> = {
  users: { names: ["user", "users"], columns: ["id", "phone_number", "nickname", "password"] },
  friends: { names: ["friend", "friends"], columns: ["id", "user_id", "friend_id"] },
  groups: { names: ["group", "groups"], columns: ["id", "name", "owner_id"] },
  members: { names: ["group_user", "group_users"], columns: ["id", "group_id", "user_id"] },
  messages: {
    names: ["message", "messages"],
    columns: [
      "id",
      ...["user_id", "sender_id", "session_type", "receiver_id"],
      ...["message_type", "content", "seq", "send_time"],
    ],
  },
};

/** Names listed in an error, at most. */
const MAX_LISTED = 20;

/** The original's tables as they are in this database. */
export interface SourceTables {
  readonly names: Readonly<Record<ImportPart, string>>;
  /** What a column of type `timestamp` keeps, in place of `datetime`. */
  readonly sendTimeKeeps: "wall clock" | "instants";
}

/** Errors: `no_data` that lists what is missing and what was found. */
export async function findTables(source: MysqlSource): Promise<SourceTables> {
  const found = await readTables(source);
  const missing = PARTS.filter((part) => nameOf(part, found) === undefined);
  if (missing.length > 0) throw notTheOriginal(source, missing, found);
  const names = Object.fromEntries(PARTS.map((part) => [part, nameOf(part, found)])) as Record<ImportPart, string>;
  const columns = await readColumns(source, Object.values(names));
  for (const part of PARTS) assertColumns(source, part, names[part], columns.get(names[part]) ?? new Map());
  const sendTime = columns.get(names.messages)?.get("send_time");
  return { names, sendTimeKeeps: sendTime?.type === "timestamp" ? "instants" : "wall clock" };
}

interface Column {
  readonly type: string;
  readonly isKey: boolean;
}

async function readTables(source: MysqlSource): Promise<string[]> {
  const sql = "select table_name as name from information_schema.tables where table_schema = database() order by 1";
  return (await source.read<{ name: string }>(sql)).map(({ name }) => name);
}

async function readColumns(source: MysqlSource, tables: readonly string[]): Promise<Map<string, Map<string, Column>>> {
  const sql = `select table_name as owner, column_name as name, data_type as type, column_key as keyed
    from information_schema.columns where table_schema = database()`;
  const rows = await source.read<{ owner: string; name: string; type: string; keyed: string }>(sql);
  const columns = new Map(tables.map((table) => [table, new Map<string, Column>()]));
  for (const { owner, name, type, keyed } of rows) {
    columns.get(owner)?.set(name.toLowerCase(), { type: String(type).toLowerCase(), isKey: keyed === "PRI" });
  }
  return columns;
}

/** The original's own name before gorm's. */
function nameOf(part: ImportPart, found: readonly string[]): string | undefined {
  return EXPECTED[part].names.find((name) => found.includes(name));
}

function assertColumns(
  source: MysqlSource,
  part: ImportPart,
  table: string,
  columns: ReadonlyMap<string, Column>,
): void {
  const missing = EXPECTED[part].columns.filter((name) => !columns.has(name));
  if (missing.length > 0) {
    const message = `${source.place}: the table ${table} lacks the columns ${missing.join(", ")}; found: ${listOf([...columns.keys()])}. It is not the original's`;
    throw new ImError("no_data", { message });
  }
  if (columns.get("id")?.isKey === true) return;
  const message = `${source.place}: the column id of the table ${table} is no primary key, by which its rows are read`;
  throw new ImError("no_data", { message });
}

function notTheOriginal({ place }: MysqlSource, missing: readonly ImportPart[], found: readonly string[]): ImError {
  const names = missing.map((part) => EXPECTED[part].names.join(" or ")).join(", ");
  const message = `${place} is no database of ShyIM: missing the tables ${names}; found: ${listOf(found)}. Is it the right database?`;
  return new ImError("no_data", { message });
}

function listOf(names: readonly string[]): string {
  if (names.length === 0) return "none";
  const rest = names.length - MAX_LISTED;
  return names.slice(0, MAX_LISTED).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}
