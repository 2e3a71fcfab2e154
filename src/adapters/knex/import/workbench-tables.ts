/**
 * Where an import sorts: a database of its own, which can be made again from the source at any time. First the source's rows,
 * without content, as they are read.
 */
export const STAGING: readonly string[] = [
  `create table source_users (
    id integer primary key, phone text, wanted_phone text, nickname text, password text, is_renamed integer, fault text,
    is_respelt integer not null default 0)`,
  "create table source_friends (id integer primary key, user_id integer, friend_id integer, fault text)",
  `create table source_groups (
    id integer primary key, name text, owner_id integer, is_renamed integer, fault text, heir integer)`,
  "create table source_members (id integer primary key, group_id integer, user_id integer, fault text)",
  `create table source_messages (
    id integer primary key, inbox integer, sender integer, kind integer, target integer, conversation text, type integer,
    bytes integer, digest blob, seq integer, time integer, print blob, fault text)`,
  "create table state (name text primary key, value text)",
];

const isUser = (id: string): string =>
  `exists (select 1 from source_users as known where known.id = ${id} and known.fault is null)`;
const isGroup = (id: string): string =>
  `exists (select 1 from source_groups as known where known.id = ${id} and known.fault is null)`;
const isStored = (id: string, groupId: string): string =>
  `exists (select 1 from source_members as known where known.group_id = ${groupId} and known.user_id = ${id})`;

/** The first reason that holds is the one that is told. */
const fault = (table: string, word: string, condition: string): string =>
  `update source_${table} set fault = '${word}' where fault is null and ${condition}`;

/** What can only be said of a row when all tables are read. */
const JUDGING: readonly string[] = [
  "create index users_by_phone on source_users (phone)",
  "create index users_by_wanted_phone on source_users (wanted_phone)",
  "create index members_by_group on source_members (group_id, user_id)",
  fault("users", "unusable_id", "id = 0"),
  // The number people sign in with, where that is nobody else's, also not as it is spelt; the lowest id comes first.
  `update source_users set phone = wanted_phone, is_respelt = 1 where wanted_phone <> phone
    and not exists (select 1 from source_users as other where other.phone = source_users.wanted_phone)
    and id = (select min(id) from source_users as other where other.wanted_phone = source_users.wanted_phone)`,
  // A table that somebody made without the original's unique key.
  `update source_users set phone = substr(phone, 1, 230) || ' #' || id
    where exists (select 1 from source_users as other where other.phone = source_users.phone and other.id < source_users.id)`,
  fault("friends", "oneself", "user_id = friend_id"),
  fault("friends", "unknown_user", `not (${isUser("user_id")} and ${isUser("friend_id")})`),
  fault("groups", "unusable_id", "id = 0"),
  `update source_groups set heir = (
      select user_id from source_members as member where member.group_id = source_groups.id and ${isUser("member.user_id")}
      order by member.id limit 1)
    where not ${isUser("owner_id")}`,
  fault("groups", "empty_group", `heir is null and not ${isUser("owner_id")}`),
  fault("members", "unknown_user", `not ${isUser("user_id")}`),
  fault("members", "unknown_group", `not ${isGroup("group_id")}`),
  fault("messages", "unknown_sender", `not ${isUser("sender")}`),
  fault("messages", "unknown_receiver", `kind = 1 and not ${isUser("target")}`),
  fault("messages", "unknown_receiver", `kind = 2 and not ${isGroup("target")}`),
  fault("messages", "unknown_inbox", `not ${isUser("inbox")}`),
  fault("messages", "foreign_inbox", "kind = 1 and inbox not in (sender, target)"),
];

/** Which rows are one message: the n-th copy in one inbox goes with the n-th in every other. */
const MERGING: readonly string[] = [
  `create table copy as select row, min(row) over (partition by print, nth) as message from (
    select id as row, print, row_number() over (partition by print, inbox order by id) as nth
    from source_messages where fault is null)`,
  "create index copy_by_message on copy (message)",
  // The original stored the sender's own copy before it looked whether the sender is in the group.
  fault(
    "messages",
    "unheard",
    `kind = 2 and inbox = sender and id in (select message from copy group by message having count(*) = 1)
      and not ${isStored("sender", "target")}
      and not exists (select 1 from source_groups as own where own.id = target and coalesce(own.heir, own.owner_id) = sender)`,
  ),
  "delete from copy where message in (select id from source_messages where fault = 'unheard')",
];

/** What goes into the target, each table with a number of its own by which it is read in pages. */
const DERIVING: readonly string[] = [
  "create table friend (n integer primary key, a text, b text, unique (a, b))",
  `insert or ignore into friend (a, b)
    select min(cast(user_id as text), cast(friend_id as text)), max(cast(user_id as text), cast(friend_id as text))
    from source_friends where fault is null order by id`,
  `create table message (
    n integer primary key, id integer unique, conversation text, place integer, sender integer, type integer, time integer,
    bytes integer, copies integer)`,
  `insert into message
    select row_number() over (order by time, id), id, conversation,
      row_number() over (partition by conversation order by time, id), sender, type, time, bytes, copies
    from source_messages join (select message, count(*) as copies from copy group by message) on message = id
    order by time, id`,
  "create table inbox (user_id integer, place integer, message integer, primary key (user_id, place)) without rowid",
  `insert into inbox
    select staged.inbox, row_number() over (partition by staged.inbox order by staged.seq, staged.id), message.n
    from copy join source_messages as staged on staged.id = copy.row join message on message.id = copy.message
    order by staged.inbox, staged.seq, staged.id`,
  "create index inbox_by_message on inbox (message)",
  "create table head (n integer primary key, user_id text, seq integer)",
  "insert into head (user_id, seq) select cast(user_id as text), max(place) from inbox group by user_id",
  "create table conversation (n integer primary key, id text unique, seq integer)",
  "insert into conversation (id, seq) select conversation, max(place) from message group by conversation",
  "insert or ignore into conversation (id, seq) select 'g ' || id, 0 from source_groups where fault is null",
];

/** A member sees of a group what their inbox has of it, and everything after; who has nothing sees what comes. */
const JOINING: readonly string[] = [
  `create table heard (group_id integer, user_id integer, first integer, last integer, primary key (group_id, user_id))`,
  `insert into heard
    select staged.target, staged.inbox, min(message.place), max(message.place)
    from copy join source_messages as staged on staged.id = copy.row join message on message.id = copy.message
    where staged.kind = 2 group by staged.target, staged.inbox`,
  `create table member (
    n integer primary key, group_id integer, user_id integer, role text, joined_seq integer, unique (group_id, user_id))`,
  `insert or ignore into member (group_id, user_id, role)
    select group_id, user_id, iif(user_id = coalesce(heir, owner_id), 'owner', 'member')
    from source_members join source_groups on source_groups.id = group_id where source_members.fault is null
    order by source_members.id`,
  `insert or ignore into member (group_id, user_id, role)
    select id, coalesce(heir, owner_id), 'owner' from source_groups where fault is null`,
  `update member set joined_seq = coalesce(
    (select first - 1 from heard where heard.group_id = member.group_id and heard.user_id = member.user_id),
    (select seq from conversation where conversation.id = 'g ' || member.group_id))`,
  // Who is in no more and still has messages of the group: a stay that has ended.
  `create table stay as select row_number() over (order by group_id, user_id) as n, * from heard
    where not exists (select 1 from member where member.group_id = heard.group_id and member.user_id = heard.user_id)`,
  "create unique index stay_by_n on stay (n)",
];

/** From what was read to what is written; all of it, or it begins again. */
export const SORTING: readonly string[] = [...JUDGING, ...MERGING, ...DERIVING, ...JOINING];
