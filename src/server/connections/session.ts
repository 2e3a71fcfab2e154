import type { Origin, UserId } from "../../core/model.js";

/** Who is signed in on a connection. */
export interface Session {
  readonly userId: UserId;
  /** First half of the ids of its messages. */
  readonly origin: Origin;
  readonly deviceKind: string;
  /** Its login named no installation: it speaks only the original protocol. */
  readonly isLegacy: boolean;
  /** When the token expires, ms since 1970; Infinity for never. A fresh token moves it. */
  expiresAt: number;
  /** When the token was issued, ms since 1970; `undefined` where the application does not say. A fresh token moves it. */
  issuedAt: number | undefined;
}
