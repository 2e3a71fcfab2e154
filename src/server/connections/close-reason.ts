import { encodeText } from "../../core/bytes.js";

/** What fits the close frame of a WebSocket, bytes of UTF-8 (RFC 6455, 5.5: 125 with the code). */
const MAX_BYTES = 123;

/** As much of `text` as a close frame holds; whole characters only. */
export function closeReason(text: string): string {
  const characters = [...text.slice(0, MAX_BYTES)];
  while (encodeText(characters.join("")).length > MAX_BYTES) characters.pop();
  return characters.join("");
}
