import { CLOSE, comeBackAfter } from "../core/close-codes.js";
import { type ErrorCode, ImError } from "../core/errors.js";
import type { GoAwayFrame, NackFrame } from "../core/frames.js";
import type { LinkEnd } from "./link.js";
import { LONGEST_ASKED_MS } from "./outbox.js";

/** What follows from the end of a connection. */
export type ConnectionEnd =
  /** Come back: after the backoff and not before `atLeastMs`; when `planned`, after exactly `atLeastMs`. */
  | { readonly kind: "again"; readonly reason: string; readonly atLeastMs: number; readonly planned: boolean }
  /** Come back with another token. */
  | { readonly kind: "token"; readonly reason: string }
  /** Come back without this message: the server takes no frame of its size. */
  | { readonly kind: "oversized"; readonly reason: string; readonly clientId: number }
  /** It is over. */
  | { readonly kind: "final"; readonly error: ImError; readonly closeCode: number | null };

/** What the server said before a connection ended. */
export interface Farewell {
  /** The answer to the login, if it was refused. */
  readonly refusal: NackFrame | null;
  /** The login had been accepted. */
  readonly signedIn: boolean;
  readonly goAway: GoAwayFrame | null;
  /** The text of a kick; `""` when there was none. */
  readonly kickText: string;
  /** Client id of the largest uplink under way; `null` when there is none. */
  readonly largestUplink: () => number | null;
}

const ERROR_OF: ReadonlyMap<number, ErrorCode> = new Map([
  [CLOSE.notBinary, "invalid_argument"],
  [CLOSE.badFrame, "invalid_argument"],
  [CLOSE.forbidden, "forbidden"],
  [CLOSE.tooLarge, "too_large"],
]);

const TEXT_OF: ReadonlyMap<number, string> = new Map([
  [CLOSE.notBinary, "the server takes no such frames"],
  [CLOSE.badFrame, "the server did not understand a frame of this client"],
  [CLOSE.forbidden, "the server forbids this connection"],
  [CLOSE.replaced, "a newer login took the place of this one"],
  [CLOSE.kicked, "the server disconnected this user"],
  [CLOSE.tooLarge, "a frame of this client was too large for the server"],
]);

/** Reads from a link's end and from what was said before what has to follow. */
export function connectionEnd({ closeCode, reason }: LinkEnd, farewell: Farewell): ConnectionEnd {
  const { refusal, goAway, kickText } = farewell;
  const comeBack = closeCode === null ? "yes" : comeBackAfter(closeCode);
  const oversized = closeCode === CLOSE.tooLarge ? farewell.largestUplink() : null;
  if (oversized !== null) return { kind: "oversized", reason, clientId: oversized };
  if (closeCode !== null && comeBack === "no") return final(closeCode, kickText);
  if (refusal?.code === "forbidden") {
    return { kind: "final", error: new ImError("forbidden", said(refusal.text)), closeCode };
  }
  if (refusal?.code === "unauthenticated") return { kind: "token", reason };
  // Without a word before it this close means that the login came too late: a slow network, not a bad token.
  if (comeBack === "with-fresh-token" && farewell.signedIn) return { kind: "token", reason };
  if (goAway !== null) return again("the server goes away", goAway.reconnectAfterMs, true);
  if (refusal !== null) return again(refusal.text || `the login was refused (${refusal.code})`, refusal.retryAfterMs);
  return again(reason, 0);
}

function again(reason: string, askedMs: number, planned = false): ConnectionEnd {
  return { kind: "again", reason, atLeastMs: Math.min(askedMs, LONGEST_ASKED_MS), planned: planned && askedMs > 0 };
}

function final(closeCode: number, kickText: string): ConnectionEnd {
  const message = kickText || TEXT_OF.get(closeCode) || `the server closed the connection (${closeCode})`;
  return { kind: "final", error: new ImError(ERROR_OF.get(closeCode) ?? "closed", { message }), closeCode };
}

function said(text: string): { message?: string } {
  return text === "" ? {} : { message: text };
}
