import { ImError } from "../core/errors.js";
import { parseMessageInput } from "../core/message-type.js";
import { describe } from "../core/model.js";
import { parseRecipient } from "../core/recipient.js";
import type { SendRequest } from "./im-client.js";
import type { Draft } from "./ledger.js";

/** First and last type reserved for items of the system. */
const SYSTEM_TYPES = { from: 100, to: 999 } as const;

/**
 * Checks what the application hands to `send()` and copies it, so that a later change of its bytes changes nothing.
 * Throws `invalid_argument`, `invalid_user_id` or `too_large`.
 */
export function parseSend(request: SendRequest, clientTime: number, maxContentBytes: number): Draft {
  const given: unknown = request;
  if (typeof given !== "object" || given === null) {
    throw invalid(`send() takes { to, text } or { to, type, content }, got ${describe(given)}`);
  }
  const target = parseRecipient(request.to);
  const { type, content } = parseMessageInput(given);
  if (type >= SYSTEM_TYPES.from && type <= SYSTEM_TYPES.to) {
    throw invalid(`types ${SYSTEM_TYPES.from}–${SYSTEM_TYPES.to} are reserved for the system, got ${type}`);
  }
  if (content.length > maxContentBytes) {
    throw new ImError("too_large", {
      message: `a message may have ${maxContentBytes} bytes of content, got ${content.length}`,
    });
  }
  return { target, type, content, clientTime };
}

function invalid(message: string): ImError {
  return new ImError("invalid_argument", { message });
}
