import type { ChatMessage } from "../model.js";

/** A message as `GET /history` has it. */
interface RawMessage {
  readonly message_id: string;
  readonly sender_id: string | null;
  readonly type: string | number;
  readonly text: string | null;
  readonly content: string;
  readonly conversation_seq: number;
  readonly sent_at: number;
}

/** A stretch of a conversation, ascending. */
export interface HistoryPage {
  readonly messages: readonly ChatMessage[];
  readonly hasMore: boolean;
}

/** What `GET /history` answered. */
export interface RawHistory {
  readonly messages: readonly RawMessage[];
  readonly has_more: boolean;
}

/** The messages of an answer in the form in which the client delivers them. */
export function parseHistory({ messages, has_more }: RawHistory): HistoryPage {
  return { messages: messages.map(toMessage), hasMore: has_more };
}

function toMessage(raw: RawMessage): ChatMessage {
  return {
    messageId: raw.message_id,
    conversationSeq: raw.conversation_seq,
    senderId: raw.sender_id,
    type: raw.type,
    ...(raw.text === null ? {} : { text: raw.text }),
    content: bytesOf(raw.content),
    sentAt: raw.sent_at,
  };
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
