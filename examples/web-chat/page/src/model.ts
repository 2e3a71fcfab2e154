/** The words of the page: what its parts hand to one another. */

import type { ImMessage, OutboxMessage } from "shyim/client";

/** Who is signed in. */
export interface Account {
  readonly userId: string;
  readonly nickname: string;
  readonly token: string;
}

/** Somebody, as the server tells. */
export interface Person {
  readonly userId: string;
  readonly nickname: string;
}

/** A group the signed-in user is in. */
export interface Group {
  readonly id: string;
  readonly name: string;
}

/** A person in a group. */
export interface Member extends Person {
  readonly role: "owner" | "admin" | "member";
}

/** Which conversation. */
export interface Address {
  readonly kind: "single" | "group";
  readonly id: string;
}

/** A message, from the client's stream or from the server's history. */
export type ChatMessage = Pick<
  ImMessage,
  "messageId" | "conversationSeq" | "senderId" | "text" | "content" | "sentAt"
> & {
  readonly type: ImMessage["type"] | string;
};

/** The conversation a recipient stands for. */
export function addressOf(to: OutboxMessage["to"]): Address {
  return "groupId" in to ? { kind: "group", id: to.groupId } : { kind: "single", id: to.userId };
}

/** Who gets what is written in a conversation. */
export function recipientOf({ kind, id }: Address): OutboxMessage["to"] {
  return kind === "group" ? { groupId: id } : { userId: id };
}

/** Names a conversation within this page, in its address line too. */
export function keyOf({ kind, id }: Address): string {
  return `${kind}/${encodeURIComponent(id)}`;
}
