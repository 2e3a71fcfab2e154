import { type Fault, reasonOf } from "./faults.js";
import { type ImportNote, type ImportPart, type ImportPlan, type LeftOut, PARTS } from "./import-plan.js";
import type { Workbench } from "./workbench.js";

/** Rows listed for a reason. */
const MAX_LISTED = 5;

/** What is noted about rows that are taken, but not as they were. */
const NOTES: readonly { readonly one: string; readonly many: string; readonly sql: string }[] = [
  {
    one: "phone number brought into the form in which it is looked for at a sign-in",
    many: "phone numbers brought into the form in which they are looked for at a sign-in",
    sql: "select count(*) from source_users where fault is null and is_respelt",
  },
  {
    one: "phone number nobody can sign in with: no 5 to 20 digits, or the same as another one",
    many: "phone numbers nobody can sign in with: no 5 to 20 digits, or the same as another one",
    sql: "select count(*) from source_users where fault is null and phone is not wanted_phone",
  },
  {
    one: "nickname that had to be shortened or cleaned, or was empty (it is the user's id now)",
    many: "nicknames that had to be shortened or cleaned, or were empty (these are the user's id now)",
    sql: "select count(*) from source_users where fault is null and is_renamed",
  },
  {
    one: "name of a group that had to be shortened or cleaned, or was empty (it is the group's id now)",
    many: "names of groups that had to be shortened or cleaned, or were empty (these are the group's id now)",
    sql: "select count(*) from source_groups where fault is null and is_renamed",
  },
  {
    one: "group whose owner is not in the table of users: owned now by who has been a member for longest",
    many: "groups whose owner is not in the table of users: owned now by who has been a member for longest",
    sql: "select count(*) from source_groups where fault is null and heir is not null",
  },
  {
    one: "owner who was not among the members of the group, and is now",
    many: "owners who were not among the members of their group, and are now",
    sql: `select count(*) from member where role = 'owner' and not exists (select 1 from source_members as own
      where own.group_id = member.group_id and own.user_id = member.user_id)`,
  },
  {
    one: "user who has messages of a group without being in it any more: they are kept",
    many: "users who have messages of a group they are not in any more: they keep what they have",
    sql: "select count(*) from stay",
  },
  {
    one: "message without a time after 1970, which is the oldest now",
    many: "messages without a time after 1970, which are the oldest now",
    sql: "select count(*) from message where time = 0",
  },
];

const TAKEN: Readonly<Record<ImportPart, string>> = {
  users: "select count(*) from source_users where fault is null",
  friends: "select count(*) from friend",
  groups: "select count(*) from source_groups where fault is null",
  members: "select count(*) from member",
  messages: "select count(*) from message",
};

/** Every place of every inbox with the number it had, and the number before that in its inbox. */
const NUMBERS = `select staged.inbox, staged.seq,
    row_number() over inboxes as place, lag(staged.seq, 1, 0) over inboxes as before
  from copy join source_messages as staged on staged.id = copy.row
  window inboxes as (partition by staged.inbox order by staged.seq, staged.id)`;

/** What a sorted workbench will become. */
export async function readPlan(
  workbench: Workbench,
  about: Pick<ImportPlan, "source" | "timeZone">,
  maxContentBytes: number,
): Promise<ImportPlan> {
  const count = (sql: string): Promise<number> => workbench.count(sql);
  return {
    ...about,
    rows: await byPart((part) => count(`select count(*) from source_${part}`)),
    becomes: await byPart((part) => count(TAKEN[part])),
    inboxes: await count("select count(*) from head"),
    places: await count("select count(*) from inbox"),
    renumberedInboxes: await count(`select count(distinct inbox) from (${NUMBERS}) where seq <> place`),
    doubledNumbers: await count(`select count(*) from (${NUMBERS}) where seq = before and place > 1`),
    closedGaps: await count(`select count(*) from (${NUMBERS}) where seq > before + 1`),
    passwords: await count("select count(*) from source_users where fault is null and password <> 'none'"),
    notes: await readNotes(workbench),
    leftOut: await readLeftOut(workbench, maxContentBytes),
  };
}

async function byPart(count: (part: ImportPart) => Promise<number>): Promise<Record<ImportPart, number>> {
  const entries: [ImportPart, number][] = [];
  for (const part of PARTS) entries.push([part, await count(part)]);
  return Object.fromEntries(entries) as Record<ImportPart, number>;
}

async function readNotes(workbench: Workbench): Promise<ImportNote[]> {
  const notes: ImportNote[] = [];
  for (const { one, many, sql } of NOTES) {
    const count = await workbench.count(sql);
    if (count > 0) notes.push({ text: count === 1 ? one : many, count });
  }
  return notes;
}

async function readLeftOut(workbench: Workbench, maxContentBytes: number): Promise<LeftOut[]> {
  const leftOut: LeftOut[] = [];
  for (const part of PARTS) {
    const faults = `select fault, count(*) as count from source_${part} where fault is not null group by fault order by 1`;
    for (const { fault, count } of await workbench.read<{ fault: Fault; count: number }>(faults)) {
      const sql = `select id from source_${part} where fault = ? order by id limit ${MAX_LISTED}`;
      const rows = await workbench.read<{ id: number }>(sql, [fault]);
      leftOut.push({ part, reason: reasonOf(fault, maxContentBytes), count, rowIds: rows.map(({ id }) => id) });
    }
  }
  return leftOut;
}
