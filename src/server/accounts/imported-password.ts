import { encodeText, fromHex } from "../../core/bytes.js";
import { md5 } from "../platform/md5.js";
import { isSameKey } from "../platform/scrypt.js";

/** What `npx shyim import` has stored: `shyim-md5$` and the 32 hex digits of the original's md5(password + salt). */
const IMPORTED = /^shyim-md5\$([0-9a-f]{32})$/;

/** The hash that was imported; `null` for a password that this server has hashed itself. */
export function parseImportedPassword(stored: string): Uint8Array | null {
  const [, digits] = IMPORTED.exec(stored) ?? [];
  return digits === undefined ? null : fromHex(digits);
}

/** Whether a password is the imported one. @param salt the original's, the same for all its users */
export function isImportedPassword(password: string, imported: Uint8Array, salt: string): boolean {
  return isSameKey(md5(encodeText(password + salt)), imported);
}
