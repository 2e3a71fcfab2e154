import { isImError } from "shyim/client";
import { type ChatMessage, keyOf } from "../model.js";
import type { ChatState } from "../state/chat-state.js";
import type { Conversation } from "../state/conversation.js";
import { noticeIn, noticeText } from "../state/notice.js";
import type { OutgoingMessage } from "../state/outgoing.js";
import { bodyText, dayText, startOfDay } from "../words.js";

/** A message by the same person within this time continues the one before, ms. */
const RUN_MS = 5 * 60_000;

/** What happened to an own message. */
export type Delivery = "waiting" | "sending" | "sent" | "refused";

/** A message as it is drawn. */
export interface MessageRow {
  readonly kind: "message";
  readonly key: string;
  readonly text: string;
  /** The bytes of a picture; `null` for everything else. */
  readonly picture: Uint8Array | null;
  readonly author: string;
  readonly isOwn: boolean;
  /** Whether the author's name stands above it: in groups, when somebody else begins. */
  readonly showsAuthor: boolean;
  /** Whether it begins a run of one person. */
  readonly startsRun: boolean;
  readonly at: number;
  /** `null` for what others wrote. */
  readonly delivery: Delivery | null;
  /** Of a refused message. */
  readonly refusal: { readonly reason: string; readonly clientId: number } | null;
}

/** What stands between messages. */
export interface LineRow {
  readonly kind: "day" | "notice" | "unread";
  readonly key: string;
  readonly text: string;
}

/** A line of the conversation. */
export type Row = MessageRow | LineRow;

/** The lines of a conversation, from the first message that is here to what waits to be sent. */
export function rowsOf(state: ChatState, conversation: Conversation, now: number): readonly Row[] {
  const rows: Row[] = [];
  let before: Entry | null = null;
  for (const entry of entriesOf(state, conversation)) {
    rows.push(...linesBefore(entry, before, state.unreadFrom, now), toRow(entry, before, state, conversation));
    before = entry;
  }
  return rows;
}

/** A message of either kind: in its place, or on its way there. */
type Entry =
  | { readonly at: number; readonly message: ChatMessage; readonly outgoing: null }
  | { readonly at: number; readonly message: null; readonly outgoing: OutgoingMessage };

function entriesOf(state: ChatState, conversation: Conversation): Entry[] {
  const outgoing = state.outgoing.of(keyOf(conversation.address));
  return [
    ...conversation.messages.map((message): Entry => ({ at: message.sentAt, message, outgoing: null })),
    ...outgoing.map((one): Entry => ({ at: one.composedAt, message: null, outgoing: one })),
  ];
}

function linesBefore(entry: Entry, before: Entry | null, unreadFrom: number | null, now: number): LineRow[] {
  const day = startOfDay(entry.at);
  const isNewDay = before === null || startOfDay(before.at) !== day;
  const days: LineRow[] = isNewDay ? [{ kind: "day", key: `day ${day}`, text: dayText(entry.at, now) }] : [];
  const isFirstUnread =
    unreadFrom !== null && seqOf(entry) > unreadFrom && (before === null || seqOf(before) <= unreadFrom);
  return isFirstUnread ? [...days, { kind: "unread", key: "unread", text: "New" }] : days;
}

/** What is on its way is behind everything, and is not unread. */
function seqOf(entry: Entry): number {
  return entry.message?.conversationSeq ?? -1;
}

function toRow(entry: Entry, before: Entry | null, state: ChatState, { address }: Conversation): Row {
  if (entry.outgoing !== null) return outgoingRow(entry.outgoing, state, startsRun(entry, before, state));
  const { messageId: key, senderId, type, content, sentAt: at } = entry.message;
  const nameOf = (userId: string | null): string => state.nameOf(userId);
  const notice = noticeIn(entry.message);
  if (notice !== null) return { kind: "notice", key, text: noticeText(notice, nameOf) };
  const isOwn = senderId === state.me.userId;
  const starts = startsRun(entry, before, state);
  return {
    ...{ kind: "message", key, text: bodyText(entry.message), picture: type === "picture" ? content : null },
    ...{
      author: nameOf(senderId),
      isOwn,
      showsAuthor: address.kind === "group" && !isOwn && starts,
      startsRun: starts,
    },
    ...{ at, delivery: isOwn ? "sent" : null, refusal: null },
  };
}

function outgoingRow(message: OutgoingMessage, state: ChatState, starts: boolean): MessageRow {
  const { clientId, type, content, composedAt: at, status: delivery, error } = message;
  return {
    ...{
      kind: "message",
      key: `out ${clientId}`,
      text: bodyText(message),
      picture: type === "picture" ? content : null,
    },
    ...{ author: state.me.nickname, isOwn: true, showsAuthor: false, startsRun: starts, at, delivery },
    refusal: error === undefined ? null : { reason: reasonOf(error), clientId },
  };
}

function startsRun(entry: Entry, before: Entry | null, state: ChatState): boolean {
  if (before === null || entry.at - before.at > RUN_MS || startOfDay(entry.at) !== startOfDay(before.at)) return true;
  if (before.message !== null && noticeIn(before.message) !== null) return true;
  return authorOf(entry, state) !== authorOf(before, state);
}

function authorOf({ message }: Entry, state: ChatState): string | null {
  return message === null ? state.me.userId : message.senderId;
}

/** Why a message was refused, for the one who wrote it. */
function reasonOf(error: unknown): string {
  if (isImError(error, "blocked")) return "this person does not take messages from you";
  if (isImError(error, "not_member")) return "you are not in this group any more";
  if (isImError(error, "not_found")) return "this person or group does not exist any more";
  return error instanceof Error ? error.message : "the server refused it";
}
