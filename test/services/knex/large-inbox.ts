import type { Knex } from "knex";

/** Items in the inbox of bob, and messages between ann and him. */
export const ITEMS = 1_000_000;
/** Messages of the group `big`, in which bob is. */
export const GROUP_MESSAGES = 100_000;
/** Users `user-1` and so on who have a head. */
export const HEADS = 100_000;
/** Messages that wait, from cid to dan. */
const PENDING = 10_000;

/** In which databases differ. */
const WORDS = {
  mysql2: {
    /** The numbers `n` from 1 to a million. */
    numbers: `(select seq as n from seq_1_to_${ITEMS}) as number`,
    /** 16 bytes of a number. */
    id: (number: string) => `unhex(lpad(hex(${number}), 32, '0'))`,
    content: "'hi'",
    analyze: "analyze table",
  },
  pg: {
    numbers: `generate_series(1, ${ITEMS}) as number (n)`,
    id: (number: string) => `decode(lpad(to_hex(${number}), 32, '0'), 'hex')`,
    content: "convert_to('hi', 'utf8')",
    analyze: "analyze",
  },
};

/** Fills the tables of a new storage as years of chatting would, by the database itself: in seconds. */
export async function fillLargeInbox(knex: Knex, client: keyof typeof WORDS): Promise<void> {
  await fillMessages(knex, client);
  await knex.raw(`insert into shyim_inbox (user_id, seq, message_row)
    select 'bob', conversation_seq, row_id from shyim_message where conversation = 's ann bob' order by row_id`);
  await knex.raw(`insert into shyim_inbox_head (user_id, seq, floor_seq, base_seq)
    select concat('user-', n), n, 0, 0 from ${WORDS[client].numbers} where n <= ${HEADS}`);
  await knex("shyim_inbox_head").insert({ user_id: "bob", seq: ITEMS, floor_seq: 0, base_seq: 0 });
  await knex("shyim_conversation").insert({ id: "s ann bob", seq: ITEMS });
  await fillGroup(knex);
}

async function fillMessages(knex: Knex, client: keyof typeof WORDS): Promise<void> {
  const { numbers, id, content } = WORDS[client];
  const columns = "id, sender_id, sender_seq, conversation, conversation_seq, type, content, server_time, client_time";
  await knex.raw(`insert into shyim_message (${columns})
    select ${id("n")}, 'ann', n, 's ann bob', n, 1, ${content}, 0, 0 from ${numbers}`);
  await knex.raw(`insert into shyim_message (${columns})
    select ${id(`n + ${ITEMS}`)}, 'ann', 0, 'g big', n, 1, ${content}, 0, 0 from ${numbers} where n <= ${GROUP_MESSAGES}`);
  await knex.raw(`insert into shyim_pending_send
      (id, sender_id, target_kind, target_id, type, content, server_time, client_time)
    select ${id(`n + 2 * ${ITEMS}`)}, 'cid', 'single', 'dan', 1, ${content}, 0, 0 from ${numbers} where n <= ${PENDING}`);
}

/** Bob was there for its first and for its last hundred messages, and not in between. */
async function fillGroup(knex: Knex): Promise<void> {
  const joined_seq = GROUP_MESSAGES - 100;
  const stay = { group_id: "big", user_id: "bob", stay: 1, role: "member", joined_seq: 0, left_seq: 100 };
  await knex("shyim_conversation").insert({ id: "g big", seq: GROUP_MESSAGES });
  await knex("shyim_group").insert({ id: "big", name: "big", owner_id: "ann" });
  await knex("shyim_group_member").insert({ group_id: "big", user_id: "bob", role: "member", joined_seq });
  await knex("shyim_past_stay").insert(stay);
}

const TABLES = ["message", "inbox", "inbox_head", "conversation", "group", "group_member", "past_stay", "pending_send"];

/** Has the database count anew what its plans rest on. */
export async function renewStatistics(knex: Knex, client: keyof typeof WORDS): Promise<void> {
  for (const table of TABLES) await knex.raw(`${WORDS[client].analyze} shyim_${table}`);
}
