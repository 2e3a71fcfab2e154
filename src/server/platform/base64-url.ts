/** Base64 for addresses and tokens (RFC 4648, section 5), without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}

/** The bytes of a text {@link toBase64Url} can have written; `null` for any other, also one that only decodes alike. */
export function fromBase64Url(text: string): Uint8Array | null {
  const bytes = Buffer.from(text, "base64url");
  return bytes.toString("base64url") === text ? bytes : null;
}
