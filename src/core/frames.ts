/**
 * What travels, as closed unions. `proto/README.md` says what each frame means, `codec.ts` how it is written.
 * A decoded frame is well-formed, nothing more: whether its values are acceptable is decided by the command.
 */

import type { WireCode } from "./errors.js";
import type { InboxItem, MessageId, Origin, Seq, SyncEpoch, UserId } from "./model.js";

/** Client → server, first and once. */
export interface LoginFrame {
  readonly kind: "login";
  readonly token: string;
  /** 16 bytes made once per installation; `null` marks a legacy client. */
  readonly instanceId: Uint8Array | null;
  /** Highest seq up to which the client has everything. */
  readonly cursor: Seq;
  /** Id of the message at the cursor; `null` when unknown. */
  readonly cursorMessageId: MessageId | null;
  /** Epoch the cursor belongs to; `""` when none. */
  readonly syncEpoch: SyncEpoch;
  /** Bits of optional abilities; none is defined yet. */
  readonly caps: number;
  /** For the policy `one-per-device-kind`; `""` when none. */
  readonly deviceKind: string;
}

/** Both directions; the server's answer carries head and time. */
export interface HeartbeatFrame {
  readonly kind: "heartbeat";
  /** Client: its cursor. Server: 0. */
  readonly cursor: Seq;
  /** Server: the head it last read. Client: 0. */
  readonly headSeq: Seq;
  /** Server: ms since 1970. Client: 0. */
  readonly serverTime: number;
}

/** Client → server: a message on its way in. */
export interface UplinkFrame {
  readonly kind: "uplink";
  /** The same over all transmissions of one message; safe integer ≥ 1. */
  readonly clientId: number;
  /** The message of this conversation that has to be stored first; 0 for none. */
  readonly afterClientId: number;
  /** 1 single, 2 group; anything else is refused by the command. */
  readonly sessionType: number;
  /** Receiving user or group. */
  readonly receiver: string;
  /** Whom the client claims to be; `""` when it names no one. Never believed. */
  readonly sender: string;
  readonly type: number;
  readonly content: Uint8Array;
  /** Client's clock, ms since 1970. */
  readonly clientTime: number;
}

/** Client → server: has everything up to `cursor`. */
export interface PushAckFrame {
  readonly kind: "push_ack";
  readonly cursor: Seq;
}

/** Client → server: legacy way to ask for items after `seq`. */
export interface SyncRequestFrame {
  readonly kind: "sync";
  readonly seq: Seq;
  /** Most items wanted; 0 leaves it to the server. */
  readonly limit: number;
  readonly syncEpoch: SyncEpoch;
}

/** Client → server: a fresh token for the same user. */
export interface TokenFrame {
  readonly kind: "token";
  readonly token: string;
}

/** Everything a client can say. */
export type ClientFrame = LoginFrame | HeartbeatFrame | UplinkFrame | PushAckFrame | SyncRequestFrame | TokenFrame;

/** Server → client: login (or fresh token) accepted. */
export interface LoginAckFrame {
  readonly kind: "login_ack";
  readonly userId: UserId;
  /** Where the stream of this connection starts: the client's cursor, or the base after a reset. */
  readonly seq: Seq;
  readonly headSeq: Seq;
  readonly syncEpoch: SyncEpoch;
  readonly serverTime: number;
  readonly heartbeatMs: number;
  /** The client's cursor does not belong to this history; it goes on from `seq`. */
  readonly reset: boolean;
  /** First half of the ids of this client's messages (travels in `message_id`); `""` to a legacy client. */
  readonly origin: Origin | "";
}

/** Server → client: the uplink is stored. */
export interface UplinkAckFrame {
  readonly kind: "uplink_ack";
  readonly clientId: number;
  /** Seq of the sender's own copy (legacy connections: see proto/README.md). */
  readonly seq: Seq;
  readonly messageId: MessageId;
  readonly serverTime: number;
  readonly syncEpoch: SyncEpoch;
}

/** Server → client: refused, or to be repeated (`busy`, `out_of_order`). */
export interface NackFrame {
  readonly kind: "nack";
  /** The uplink; 0 when it answers a login or a token. */
  readonly clientId: number;
  readonly code: WireCode;
  /** For people; `""` takes the code's own sentence. */
  readonly text: string;
  readonly retryAfterMs: number;
  readonly syncEpoch: SyncEpoch;
}

/** Server → client: the next item. */
export interface PushFrame {
  readonly kind: "push";
  readonly item: InboxItem;
}

/** Server → client: answer to {@link SyncRequestFrame}. */
export interface SyncPageFrame {
  readonly kind: "sync_page";
  /** `null` for success; otherwise there is no data. */
  readonly code: WireCode | null;
  readonly items: readonly InboxItem[];
  readonly hasMore: boolean;
  readonly throughSeq: Seq;
  readonly headSeq: Seq;
  readonly floorSeq: Seq;
  readonly syncEpoch: SyncEpoch;
  readonly reset: boolean;
}

/** Server → client: this node is leaving. */
export interface GoAwayFrame {
  readonly kind: "go_away";
  readonly reconnectAfterMs: number;
}

/** Server → client: the reason of the close that follows. */
export interface KickFrame {
  readonly kind: "kick";
  /** A close code, see close-codes.ts. */
  readonly code: number;
  readonly text: string;
}

/** Everything a server can say. */
export type ServerFrame =
  | LoginAckFrame
  | UplinkAckFrame
  | NackFrame
  | PushFrame
  | SyncPageFrame
  | HeartbeatFrame
  | GoAwayFrame
  | KickFrame;
