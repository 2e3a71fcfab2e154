import type { Knex } from "knex";
import type { Database } from "../database.js";
import { type Cell, insertRows } from "../insert-rows.js";
import { COMPLETE, movePlace, type Place } from "./import-state.js";
import type { Workbench } from "./workbench.js";

/** Rows written in one transaction. */
const PAGE_ROWS = 2_000;

/** One table of the target, filled in pages in the order of a number `n` of the workbench. */
interface Phase {
  readonly name: string;
  /** For people. */
  readonly what: string;
  readonly table: string;
  /** Besides `n`, what the page's rows are in the target. */
  readonly columns: readonly string[];
  /** The rows behind a number, as `select … where <n> > ? order by <n> limit ?`. */
  readonly from: string;
}

/** Before the messages. */
export const PEOPLE: readonly Phase[] = [
  {
    name: "users",
    what: "users",
    table: "shyim_user",
    columns: ["id", "phone_number", "nickname", "password_hash", "revoked_before"],
    from: `select id as n, cast(id as text) as id, phone as phone_number, nickname, password as password_hash, 0 as revoked_before
      from source_users where fault is null and source_users.id > ? order by source_users.id limit ?`,
  },
  {
    name: "friends",
    what: "friends",
    table: "shyim_friend",
    columns: ["a", "b"],
    from: "select n, a, b from friend where n > ? order by n limit ?",
  },
  {
    name: "groups",
    what: "groups",
    table: "shyim_group",
    columns: ["id", "name", "owner_id"],
    from: `select id as n, cast(id as text) as id, name, cast(coalesce(heir, owner_id) as text) as owner_id
      from source_groups where fault is null and source_groups.id > ? order by source_groups.id limit ?`,
  },
  {
    name: "members",
    what: "members of groups",
    table: "shyim_group_member",
    columns: ["group_id", "user_id", "role", "joined_seq"],
    from: `select n, cast(group_id as text) as group_id, cast(user_id as text) as user_id, role, joined_seq
      from member where n > ? order by n limit ?`,
  },
  {
    name: "stays",
    what: "ended stays in groups",
    table: "shyim_past_stay",
    columns: ["group_id", "user_id", "stay", "role", "joined_seq", "left_seq"],
    from: `select n, cast(group_id as text) as group_id, cast(user_id as text) as user_id, 1 as stay, 'member' as role,
      first - 1 as joined_seq, last as left_seq from stay where n > ? order by n limit ?`,
  },
];

/** After the messages: until then nobody could take the inboxes for complete. */
export const NUMBERS: readonly Phase[] = [
  {
    name: "conversations",
    what: "conversations",
    table: "shyim_conversation",
    columns: ["id", "seq"],
    from: "select n, id, seq from conversation where n > ? order by n limit ?",
  },
  {
    name: "heads",
    what: "heads of inboxes",
    table: "shyim_inbox_head",
    columns: ["user_id", "seq", "floor_seq", "base_seq"],
    from: "select n, user_id, seq, 0 as floor_seq, 0 as base_seq from head where n > ? order by n limit ?",
  },
];

type Row = Readonly<Record<string, Cell>> & { readonly n: number };

/**
 * Writes one phase from where it was, a transaction a page, and moves on to `next`.
 * @param tell is told how many rows a page had
 */
export async function writePhase(
  { workbench, database }: { readonly workbench: Workbench; readonly database: Database },
  phase: Phase,
  begun: number,
  next: string,
  tell: (rows: number) => void,
  pageRows = PAGE_ROWS,
): Promise<void> {
  const { name, table, columns, from } = phase;
  for (let place: Place = { phase: name, done: begun }; ; ) {
    const rows = await workbench.read<Row>(from, [place.done, pageRows]);
    const last = rows.at(-1)?.n;
    const to: Place = last === undefined ? { phase: next, done: 0 } : { phase: name, done: last };
    const cells = rows.map((row) => columns.map((column) => row[column] ?? null));
    await database.transaction(async (trx) => {
      await movePlace(trx, place, to);
      await insertRows(trx, database.dialect, table, columns, cells);
    });
    if (last === undefined) return;
    tell(rows.length);
    place = to;
  }
}

/** The last transaction: ids of the original are never handed out again, also not those of users who are gone. */
export async function complete(
  database: Database,
  from: Place,
  lastIds: { readonly users: number; readonly groups: number },
): Promise<void> {
  await database.transaction(async (trx) => {
    await movePlace(trx, from, COMPLETE);
    await setNext(trx, "next_user_id", lastIds.users + 1);
    await setNext(trx, "next_group_id", lastIds.groups + 1);
  });
}

async function setNext(trx: Knex, name: string, next: number): Promise<void> {
  await trx("shyim_meta")
    .insert({ name, value: String(next) })
    .onConflict("name")
    .merge();
}
