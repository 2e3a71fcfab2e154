/** Small pure functions on bytes; the only place that knows how hex and UTF-8 are written. */

/** Browsers and Node have them both; declared here, because the core is compiled without the types of either. */
declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new (
  label: "utf-8",
  options: { readonly fatal: boolean; readonly ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Lower-case hex of `bytes`. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += HEX[byte];
  return text;
}

/** Bytes of an even number of hex digits, which the caller has made sure of. */
export function fromHex(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true });
const STRICT_DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** Up to so many bytes are tried as ASCII first: the decoders take longer to call than a short text to read. */
const SHORT_TEXT_BYTES = 64;

/** UTF-8 of `text`. Half a surrogate pair becomes U+FFFD. */
export function encodeText(text: string): Uint8Array {
  return ENCODER.encode(text);
}

/** The text in UTF-8 `bytes`; what is none becomes U+FFFD. */
export function decodeText(bytes: Uint8Array): string {
  return shortAscii(bytes) ?? DECODER.decode(bytes);
}

/** The text in UTF-8 `bytes`. Throws a `TypeError` for anything else. */
export function decodeTextStrict(bytes: Uint8Array): string {
  return shortAscii(bytes) ?? STRICT_DECODER.decode(bytes);
}

function shortAscii(bytes: Uint8Array): string | null {
  if (bytes.length > SHORT_TEXT_BYTES) return null;
  let text = "";
  for (const byte of bytes) {
    if (byte > 0x7f) return null;
    text += String.fromCharCode(byte);
  }
  return text;
}

/** `a` followed by `b`, in new memory. */
export function concatBytes(a: Uint8Array, b: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}
