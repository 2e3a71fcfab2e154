import type { ImMessage, OutboxMessage } from "shyim/client";
import type { Keepsakes } from "../../../examples/web-chat/page/src/keepsakes.js";
import type { ChatMessage } from "../../../examples/web-chat/page/src/model.js";
import { ChatState } from "../../../examples/web-chat/page/src/state/chat-state.js";
import { Outgoing } from "../../../examples/web-chat/page/src/state/outgoing.js";
import { ReadMarks } from "../../../examples/web-chat/page/src/state/read-marks.js";
import { RefusedTexts } from "../../../examples/web-chat/page/src/state/refused-texts.js";

/** Noon of a day, ms. */
export const NOON = new Date(2026, 5, 15, 12).getTime();

/** Ada's state of the chat. `saved` is what her browser keeps. */
export function adasState(saved: Keepsakes = new MadeUpStorage()): ChatState {
  const outgoing = new Outgoing(new RefusedTexts("ada", saved));
  return new ChatState({ userId: "ada", nickname: "Ada", token: "t" }, new ReadMarks("ada", saved), outgoing);
}

/** What a browser keeps, for as long as a test. */
export class MadeUpStorage implements Keepsakes {
  readonly #items = new Map<string, string>();

  getItem(key: string): string | null {
    return this.#items.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.#items.set(key, value);
  }

  removeItem(key: string): void {
    this.#items.delete(key);
  }
}

/** The message at a position of a conversation. */
export function messageAt(conversationSeq: number, parts: Partial<ChatMessage> = {}): ChatMessage {
  return {
    ...{ messageId: `message ${conversationSeq}`, conversationSeq, senderId: "bob", type: "text" },
    ...{ text: `text ${conversationSeq}`, content: new Uint8Array(), sentAt: NOON + conversationSeq * 1_000 },
    ...parts,
  };
}

/** The same as the client delivers it, in the conversation with Bob unless said otherwise. */
export function deliveredAt(conversationSeq: number, parts: Partial<ImMessage> = {}): ImMessage {
  const { type: _type, ...message } = messageAt(conversationSeq);
  return {
    ...{ ...message, seq: conversationSeq, type: "text", own: parts.senderId === "ada" },
    ...{ conversation: { kind: "single", id: "bob" }, ...parts },
  };
}

/** A message to Bob in the outbox. */
export function waiting(clientId: number, parts: Partial<OutboxMessage> = {}): OutboxMessage {
  return {
    ...{ clientId, to: { userId: "bob" }, type: "text", text: `waits ${clientId}`, content: new Uint8Array() },
    ...{ composedAt: NOON + 60_000 + clientId, status: "waiting" },
    ...parts,
  };
}
