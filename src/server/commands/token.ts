import { CLOSE } from "../../core/close-codes.js";
import { ImError, isImError } from "../../core/errors.js";
import type { LoginAckFrame, NackFrame, TokenFrame } from "../../core/frames.js";
import type { Runtime } from "../../core/runtime.js";
import type { Authenticate } from "../auth.js";
import type { Answer } from "../connections/connection.js";
import type { UserRate } from "../connections/user-rate.js";
import type { SignedIn } from "./signed-in.js";

/** A client brings a fresh token before the old one expires; the session goes on. */
export type TokenCommand = (on: SignedIn, frame: TokenFrame) => Promise<Answer>;

/** What a fresh token needs. */
export interface TokenServices {
  readonly authenticate: Authenticate;
  /** Shared with the logins: both make the application check a token. */
  readonly rate: UserRate;
  readonly runtime: Runtime;
  readonly heartbeatMs: number;
}

export function createTokenCommand({ authenticate, rate, runtime, heartbeatMs }: TokenServices): TokenCommand {
  return async (on, frame) => {
    const { connection, session } = on;
    try {
      if (!rate.take(session.userId)) throw new ImError("busy");
      const accepted = await authenticate(frame.token, { address: connection.address });
      if (accepted.userId !== session.userId) throw new ImError("unauthenticated");
      session.expiresAt = accepted.expiresAt;
      session.issuedAt = accepted.issuedAt;
      return { reply: acknowledge(on, runtime.now(), heartbeatMs) };
    } catch (error) {
      // Nobody can tell just now: the old token still holds, and the client tries again.
      if (isImError(error, "busy")) return { reply: nack("busy") };
      connection.end(CLOSE.unauthenticated, "token refused", nack("unauthenticated"));
      return {};
    }
  };
}

function acknowledge({ session, stream }: SignedIn, serverTime: number, heartbeatMs: number): LoginAckFrame {
  return {
    kind: "login_ack",
    userId: session.userId,
    seq: stream.sent,
    headSeq: stream.head,
    syncEpoch: stream.syncEpoch,
    serverTime,
    heartbeatMs,
    reset: false,
    origin: session.isLegacy ? "" : session.origin,
  };
}

function nack(code: "busy" | "unauthenticated"): NackFrame {
  return { kind: "nack", clientId: 0, code, text: "", retryAfterMs: code === "busy" ? 5_000 : 0, syncEpoch: "" };
}
