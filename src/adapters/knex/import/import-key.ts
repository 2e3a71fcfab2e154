import { createHash } from "node:crypto";
import type { MessageId, UserId } from "../../../core/model.js";

const ID_BYTES = 16;

/**
 * The id of an imported message: a pure function of its sender and of the lowest row that holds a copy, so that an import that is
 * repeated makes the same messages. A send of the server with a key is named in the same way, with "server" for "import".
 */
export function importedMessageId(senderId: UserId, rowId: number): MessageId {
  return sha256(`${senderId} import ${rowId}`).subarray(0, ID_BYTES).toString("hex");
}

/** Equal for the rows that are copies of one message, and for no others. */
export function fingerprint(parts: readonly (string | number)[]): Buffer {
  return sha256(parts.join(" ")).subarray(0, ID_BYTES);
}

/** What is kept of the SHA-256 of a content, as the source's database writes it. */
export function contentDigest(hex: string): Buffer {
  return Buffer.from(hex, "hex").subarray(0, ID_BYTES);
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
