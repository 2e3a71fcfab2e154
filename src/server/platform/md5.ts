import { createHash } from "node:crypto";

/** The 16 bytes of MD5 (RFC 1321) over `data`: only to recognise what an older system has hashed, never to protect anything. */
export function md5(data: Uint8Array): Uint8Array {
  return createHash("md5").update(data).digest();
}
