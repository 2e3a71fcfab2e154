import { decodeText, encodeText } from "./bytes.js";
import { invalidArgument, MAX_MESSAGE_TYPE, MESSAGE_TYPE } from "./model.js";

/** A type as applications write it: a name for the well-known ones, a number for all others (clients from 1,000 on; 100–999 are the system's). */
export type MessageTypeName = keyof typeof MESSAGE_TYPE | number;

/** What a message carries, as applications write it. */
export type MessageInput = { readonly text: string } | { readonly type: MessageTypeName; readonly content: Uint8Array };

/** The name of a well-known number; any other number as it is. */
export function messageTypeName(type: number): MessageTypeName {
  for (const [name, value] of Object.entries(MESSAGE_TYPE)) {
    if (value === type) return name as keyof typeof MESSAGE_TYPE;
  }
  return type;
}

/** The text of a message of type text; `undefined` for every other type. */
export function messageText(type: number, content: Uint8Array): string | undefined {
  return type === MESSAGE_TYPE.text ? decodeText(content) : undefined;
}

/**
 * What goes on the wire for `input`.
 * Errors: `invalid_argument` when there is neither a text nor a known type with bytes.
 */
export function parseMessageInput(input: Partial<Record<"text" | "type" | "content", unknown>>): {
  type: number;
  content: Uint8Array;
} {
  const { text, type, content } = input;
  if (typeof text === "string" && content === undefined && (type === undefined || type === "text")) {
    return { type: MESSAGE_TYPE.text, content: encodeText(text) };
  }
  if (text !== undefined) throw invalidArgument("text must be a string and stand alone", text);
  if (!(content instanceof Uint8Array)) throw invalidArgument("content must be a Uint8Array (or give text)", content);
  return { type: parseMessageType(type), content: content.slice() };
}

function parseMessageType(type: unknown): number {
  const known = typeof type === "string" && Object.hasOwn(MESSAGE_TYPE, type);
  if (known) return MESSAGE_TYPE[type as keyof typeof MESSAGE_TYPE];
  if (Number.isInteger(type) && (type as number) >= 1 && (type as number) <= MAX_MESSAGE_TYPE) return type as number;
  throw invalidArgument('type must be "text", "picture", "voice" or an integer from 1 on', type);
}
