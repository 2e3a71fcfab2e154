/** Why a socket was closed. 1xxx are RFC 6455's, 44xx and 45xx are ours. */
export const CLOSE = {
  /** The other side ended the connection in the ordinary way. */
  normal: 1000,
  /** The server goes away. */
  goingAway: 1001,
  /** A text message or an unknown kind of frame. */
  notBinary: 1003,
  /** The connection broke without a close frame; never sent. */
  abnormal: 1006,
  /** The server restarts or cannot serve just now. */
  restart: 1012,
  /** Bytes that are no frame, or a frame that is illegal now. */
  badFrame: 4400,
  /** Token refused or expired, or no login in time. */
  unauthenticated: 4401,
  /** Origin or policy forbids the connection. */
  forbidden: 4403,
  /** Nothing was heard for two heartbeats. */
  idle: 4408,
  /** A newer login took the place (device policy). */
  replaced: 4409,
  /** Disconnected by the application or revoked. */
  kicked: 4410,
  /** A frame above the limit, or one in too many pieces. */
  tooLarge: 4413,
  /** The client ignores its window. */
  flooding: 4429,
  /** The client reads too slowly. */
  slowReader: 4508,
} as const;

/** What a client does about a close by itself. */
export type ComeBack = "yes" | "with-fresh-token" | "no";

const FINAL: ReadonlySet<number> = new Set([
  CLOSE.notBinary,
  CLOSE.badFrame,
  CLOSE.forbidden,
  CLOSE.replaced,
  CLOSE.kicked,
  CLOSE.tooLarge,
]);

/** May the client come back by itself after `code`? Unknown codes: yes, with backoff. */
export function comeBackAfter(code: number): ComeBack {
  if (code === CLOSE.unauthenticated) return "with-fresh-token";
  return FINAL.has(code) ? "no" : "yes";
}
