import { encodeText } from "../core/bytes.js";
import { ImError } from "../core/errors.js";
import { assertId, describe, MAX_MESSAGE_TYPE, MESSAGE_TYPE, type Target } from "../core/model.js";
import type { SendRequest } from "./im-client.js";
import { typeNumber } from "./im-message.js";
import type { Draft } from "./ledger.js";

/** First and last number reserved for items of the system. */
const SYSTEM_TYPES = { from: 100, to: 999 } as const;

/**
 * Checks what the application hands to `send()` and copies it, so that a later change of its bytes changes nothing.
 * Throws `invalid_argument`, `invalid_user_id` or `too_large`.
 */
export function parseSend(request: SendRequest, clientTime: number, maxContentBytes: number): Draft {
  const given: unknown = request;
  if (!isRecord(given)) throw invalid(`send() takes { to, text } or { to, type, content }, got ${describe(given)}`);
  const target = parseTarget(given.to);
  const { type, content } = given.text === undefined ? parseContent(given) : parseText(given);
  if (content.length > maxContentBytes) {
    throw new ImError("too_large", {
      message: `a message may have ${maxContentBytes} bytes of content, got ${content.length}`,
    });
  }
  return { target, type, content, clientTime };
}

function parseTarget(to: unknown): Target {
  const { userId, groupId } = isRecord(to) ? to : {};
  if ((userId === undefined) === (groupId === undefined)) {
    throw invalid(`to must be { userId } or { groupId }, got ${describe(to)}`);
  }
  if (groupId === undefined) {
    assertId(userId, "to.userId");
    return { kind: "single", id: userId };
  }
  assertId(groupId, "to.groupId");
  return { kind: "group", id: groupId };
}

function parseText({ text, type, content }: Record<string, unknown>): Pick<Draft, "type" | "content"> {
  if (typeof text !== "string") throw invalid(`text must be a string, got ${describe(text)}`);
  if (type !== undefined || content !== undefined) throw invalid("give either text, or type and content");
  return { type: MESSAGE_TYPE.text, content: encodeText(text) };
}

function parseContent({ type, content }: Record<string, unknown>): Pick<Draft, "type" | "content"> {
  if (!isKind(type)) {
    throw invalid(
      `type must be "picture", "voice" or a whole number from 1 to ${MAX_MESSAGE_TYPE} outside ` +
        `${SYSTEM_TYPES.from}–${SYSTEM_TYPES.to}, got ${describe(type)}`,
    );
  }
  if (!(content instanceof Uint8Array)) throw invalid(`content must be a Uint8Array, got ${describe(content)}`);
  return { type: typeNumber(type), content: Uint8Array.from(content) };
}

function isKind(type: unknown): type is "picture" | "voice" | number {
  if (type === "picture" || type === "voice") return true;
  if (!Number.isInteger(type)) return false;
  const number = type as number;
  return number >= 1 && number <= MAX_MESSAGE_TYPE && !(number >= SYSTEM_TYPES.from && number <= SYSTEM_TYPES.to);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function invalid(message: string): ImError {
  return new ImError("invalid_argument", { message });
}
