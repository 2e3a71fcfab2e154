import type { ColumnTypes } from "../dialect.js";

/**
 * The tables of version 1. An application keeps its own beside them, hence the prefix. Content is stored once, inboxes hold
 * pointers; every id is compared byte by byte. Add-only: a later version has statements of its own and changes none of these.
 */
export const firstTables = (type: ColumnTypes): readonly string[] => [
  `create table if not exists shyim_meta (
    name ${type.word} not null primary key,
    value ${type.text} not null
  ) ${type.table}`,

  `create table if not exists shyim_message (
    row_id ${type.counter},
    id ${type.messageId} not null unique,
    sender_id ${type.id},
    sender_seq ${type.integer} not null,
    conversation ${type.key} not null,
    conversation_seq ${type.integer} not null,
    type ${type.integer} not null,
    content ${type.bytes} not null,
    server_time ${type.integer} not null,
    client_time ${type.integer} not null,
    unique (conversation, conversation_seq)
  ) ${type.table}`,

  `create table if not exists shyim_inbox (
    user_id ${type.id} not null,
    seq ${type.integer} not null,
    message_row ${type.integer} not null,
    primary key (user_id, seq)
  ) ${type.clusteredTable}`,

  `create table if not exists shyim_inbox_head (
    user_id ${type.id} not null primary key,
    seq ${type.integer} not null,
    floor_seq ${type.integer} not null,
    base_seq ${type.integer} not null
  ) ${type.clusteredTable}`,

  `create table if not exists shyim_conversation (
    id ${type.key} not null primary key,
    seq ${type.integer} not null
  ) ${type.clusteredTable}`,

  `create table if not exists shyim_refusal (
    id ${type.messageId} not null primary key,
    code ${type.word} not null,
    written_at ${type.integer} not null
  ) ${type.table}`,
  "create index if not exists shyim_refusal_age on shyim_refusal (written_at)",

  `create table if not exists shyim_pending_send (
    row_id ${type.counter},
    id ${type.messageId} not null,
    sender_id ${type.id},
    target_kind ${type.word} not null,
    target_id ${type.id} not null,
    type ${type.integer} not null,
    content ${type.bytes} not null,
    server_time ${type.integer} not null,
    client_time ${type.integer} not null
  ) ${type.table}`,

  `create table if not exists shyim_group (
    id ${type.id} not null primary key,
    name ${type.text} not null,
    owner_id ${type.id} not null
  ) ${type.table}`,

  `create table if not exists shyim_group_member (
    group_id ${type.id} not null,
    user_id ${type.id} not null,
    role ${type.word} not null,
    joined_seq ${type.integer} not null,
    primary key (group_id, user_id)
  ) ${type.clusteredTable}`,
  "create index if not exists shyim_group_member_user on shyim_group_member (user_id)",

  `create table if not exists shyim_past_stay (
    group_id ${type.id} not null,
    user_id ${type.id} not null,
    stay ${type.integer} not null,
    role ${type.word} not null,
    joined_seq ${type.integer} not null,
    left_seq ${type.integer} not null,
    primary key (group_id, user_id, stay)
  ) ${type.clusteredTable}`,

  `create table if not exists shyim_user (
    id ${type.id} not null primary key,
    phone_number ${type.text} not null unique,
    nickname ${type.text} not null,
    password_hash ${type.text} not null,
    revoked_before ${type.integer} not null
  ) ${type.table}`,

  `create table if not exists shyim_friend (
    a ${type.id} not null,
    b ${type.id} not null,
    primary key (a, b)
  ) ${type.clusteredTable}`,
  "create index if not exists shyim_friend_b on shyim_friend (b)",
];

/** Version 2: who wants no messages from whom. */
export const blockTable = (type: ColumnTypes): readonly string[] => [
  `create table if not exists shyim_block (
    user_id ${type.id} not null,
    blocked_id ${type.id} not null,
    primary key (user_id, blocked_id)
  ) ${type.clusteredTable}`,
];
