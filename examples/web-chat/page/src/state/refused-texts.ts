import { type ErrorCode, ImError } from "shyim/client";
import type { Keepsakes } from "../keepsakes.js";
import { addressOf } from "../model.js";
import type { OutgoingMessage } from "./outgoing.js";

/** Most refused texts that are remembered; the oldest go first. */
const MAX_TEXTS = 50;

/** One of them, as it is written down. */
interface SavedText {
  readonly clientId: number;
  readonly kind: "single" | "group";
  readonly id: string;
  readonly text: string;
  readonly composedAt: number;
  readonly code: ErrorCode;
  readonly reason: string;
}

/**
 * Texts that were refused and about which nobody has decided yet, over reloads: to the client they are settled, to who wrote
 * them they are not. Pictures are not remembered; they are where they were taken from.
 */
export class RefusedTexts {
  readonly #key: string;
  readonly #storage: Keepsakes;

  constructor(userId: string, storage: Keepsakes) {
    this.#key = `shyim-chat.refused.${userId}`;
    this.#storage = storage;
  }

  load(): readonly OutgoingMessage[] {
    try {
      const saved = JSON.parse(this.#storage.getItem(this.#key) ?? "[]") as SavedText[];
      return saved.map(toMessage);
    } catch {
      return [];
    }
  }

  save(messages: readonly OutgoingMessage[]): void {
    const texts = messages.flatMap(toSaved).slice(-MAX_TEXTS);
    if (texts.length === 0) this.#storage.removeItem(this.#key);
    else this.#storage.setItem(this.#key, JSON.stringify(texts));
  }
}

function toSaved({ clientId, to, text, composedAt, error }: OutgoingMessage): SavedText[] {
  if (text === undefined || error === undefined) return [];
  return [{ clientId, ...addressOf(to), text, composedAt, code: error.code, reason: error.message }];
}

function toMessage({ clientId, kind, id, text, composedAt, code, reason }: SavedText): OutgoingMessage {
  return {
    ...{ clientId, to: kind === "group" ? { groupId: id } : { userId: id }, type: "text", text, composedAt },
    ...{ content: new TextEncoder().encode(text), status: "refused", error: new ImError(code, { message: reason }) },
  };
}
