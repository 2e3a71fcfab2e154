import { toHex } from "../../../core/bytes.js";
import type { MessageId } from "../../../core/model.js";

/** A message id as it is stored: 16 bytes, half of what its hex digits take. */
export function storedId(messageId: MessageId): Buffer {
  return Buffer.from(messageId, "hex");
}

/** A message id as it was before it was stored. */
export function messageIdOf(stored: Uint8Array): MessageId {
  return toHex(stored);
}
