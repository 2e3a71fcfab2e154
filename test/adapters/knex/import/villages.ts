import { SeededRandom } from "../../../../src/testing/fakes/random.js";
import type { Written, WrittenRow } from "./expected-chat.js";
import type { OriginalDatabase } from "./original-database.js";

const AT = (second: number): string => `2024-05-01 10:00:${String(second).padStart(2, "0")}.000`;

/** A small chat with everything in it that the original gets wrong. */
export async function fillVillage(original: OriginalDatabase): Promise<void> {
  await original.addUsers("ada", "bob", " cid\u0007 ", "");
  await original
    .knex("user")
    .insert({ id: 7, phone_number: "+49 (170) 1234-567", nickname: "dan", password: "clear text" });
  await original.knex("friend").insert([
    { user_id: 1, friend_id: 2 },
    { user_id: 2, friend_id: 1 },
    { user_id: 1, friend_id: 7 },
    { user_id: 3, friend_id: 3 },
    { user_id: 1, friend_id: 99 },
  ]);
  await original.addGroup(5, "crew", [1, 2, 3]);
  await original.knex("group_user").insert([
    { group_id: 5, user_id: 2 },
    { group_id: 5, user_id: 99 },
    { group_id: 77, user_id: 1 },
  ]);
  await original.addGroup(6, "without its owner", [99, 7, 2]);
  await original.knex("group").insert({ id: 8, name: "nobody", owner_id: 99 });
  await original.addMessages(...singles, ...crew, ...strange);
}

/** Ada and Bob: a message, its answer, and the answer once more by a queue that delivered it twice to Bob. */
const singles = [
  { id: 11, user_id: 1, sender_id: 1, receiver_id: 2, content: "hello", seq: 1, send_time: AT(1) },
  { id: 12, user_id: 2, sender_id: 1, receiver_id: 2, content: "hello", seq: 1, send_time: AT(1) },
  { id: 13, user_id: 2, sender_id: 2, receiver_id: 1, content: "hi", seq: 2, send_time: AT(3) },
  { id: 14, user_id: 1, sender_id: 2, receiver_id: 1, content: "hi", seq: 4, send_time: AT(3) },
  { id: 15, user_id: 2, sender_id: 2, receiver_id: 1, content: "hi", seq: 2, send_time: AT(3) },
];

/** The crew, which Cid joins after the first message; a row of Dan's, who is in it no more. */
const crew = [
  { id: 21, user_id: 1, sender_id: 1, session_type: 2, receiver_id: 5, content: "first", seq: 2, send_time: AT(2) },
  { id: 22, user_id: 2, sender_id: 1, session_type: 2, receiver_id: 5, content: "first", seq: 7, send_time: AT(2) },
  { id: 23, user_id: 7, sender_id: 1, session_type: 2, receiver_id: 5, content: "first", seq: 1, send_time: AT(2) },
  { id: 24, user_id: 3, sender_id: 3, session_type: 2, receiver_id: 5, content: "second", seq: 1, send_time: AT(5) },
  { id: 25, user_id: 1, sender_id: 3, session_type: 2, receiver_id: 5, content: "second", seq: 4, send_time: AT(5) },
];

const strange = [
  { id: 31, user_id: 1, sender_id: 99, receiver_id: 1, content: "from nobody", seq: 20 },
  { id: 32, user_id: 1, sender_id: 1, receiver_id: 99, content: "to nobody", seq: 21 },
  { id: 33, user_id: 1, sender_id: 1, receiver_id: "18446744073709551615", content: "to a number", seq: 22 },
  { id: 34, user_id: 3, sender_id: 1, receiver_id: 2, content: "overheard", seq: 23 },
  { id: 35, user_id: 1, sender_id: 1, receiver_id: 2, session_type: 3, content: "by pigeon", seq: 24 },
  { id: 36, user_id: 1, sender_id: 1, receiver_id: 2, message_type: 4, content: "a smell", seq: 25 },
  { id: 37, user_id: 1, sender_id: 1, receiver_id: 2, content: "x".repeat(40_000), seq: 26 },
  { id: 38, user_id: 7, sender_id: 7, session_type: 2, receiver_id: 5, content: "let me in", seq: 9 },
  { id: 39, user_id: 1, sender_id: 1, session_type: 2, receiver_id: 8, content: "to nobody's group", seq: 27 },
  { id: 40, user_id: 99, sender_id: 1, receiver_id: 99, content: "for nobody", seq: 1 },
];

/** Small numbers, so that everything meets everything: two users and a group too many, numbers twice, gaps, equal moments. */
export async function fillAtRandom(original: OriginalDatabase, seed: number, count: number): Promise<Written> {
  const random = new SeededRandom(seed);
  const users = [1, 2, 3, 4, 5, 10, 12];
  await original
    .knex("user")
    .insert(users.map((id) => ({ id, phone_number: `1390000${1000 + id}`, nickname: `user ${id}`, password: "x" })));
  const groups = new Map([
    [1, { owner: 2, members: [2, 10, 1] }],
    [12, { owner: 1, members: [5, 1, 3, 4] }],
  ]);
  for (const [id, { owner, members }] of groups) {
    await original.knex("group").insert({ id, name: `group ${id}`, owner_id: owner });
    await original.knex("group_user").insert(members.map((user_id) => ({ group_id: id, user_id })));
  }
  const rows = Array.from({ length: count }, (_, index) => rowAtRandom(random, index));
  for (let from = 0; from < rows.length; from += 500) await original.addMessages(...rows.slice(from, from + 500));
  return { users, groups, rows };
}

const PEOPLE = [1, 2, 3, 4, 5, 10, 12, 99];

function rowAtRandom(random: SeededRandom, index: number): WrittenRow {
  const pick = <Value>(values: readonly Value[]): Value => values[random.between(0, values.length - 1)] as Value;
  const sender_id = pick(PEOPLE);
  const session_type = pick([1, 1, 1, 1, 2, 2, 2, 2, 0]);
  const receiver_id = pick(session_type === 2 ? [1, 12, 12, 13] : PEOPLE);
  return {
    id: 3 + 2 * index,
    user_id: session_type === 2 ? pick(PEOPLE) : pick([sender_id, receiver_id, receiver_id, pick(PEOPLE)]),
    sender_id,
    session_type,
    receiver_id,
    message_type: pick([1, 1, 1, 1, 1, 2, 3, 0]),
    content: pick(["a", "b", "", "ü", "x".repeat(60)]),
    seq: random.between(0, 60),
    send_time: AT(random.between(0, 4)),
  };
}
