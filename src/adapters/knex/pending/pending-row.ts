import type { GroupId, UserId } from "../../../core/model.js";
import type { Uplink } from "../../contracts/index.js";
import { bytesOf } from "../bindings.js";
import { messageIdOf, storedId } from "../messages/message-id.js";

/** A message that waits in `shyim_pending_send`. */
export interface PendingRow {
  readonly row_id: number;
  readonly id: Uint8Array;
  readonly sender_id: UserId | null;
  readonly target_kind: "single" | "group";
  readonly target_id: UserId | GroupId;
  readonly type: number;
  readonly content: Uint8Array;
  readonly server_time: number;
  readonly client_time: number;
}

/** The row of an uplink that passed the rules. */
export function pendingRowOf({ messageId, senderId, target, type, content, serverTime, clientTime }: Uplink) {
  return {
    id: storedId(messageId),
    sender_id: senderId,
    target_kind: target.kind,
    target_id: target.id,
    type,
    content: bytesOf(content),
    server_time: serverTime,
    client_time: clientTime,
  };
}

/** The uplink of a row: no session, so no epoch, and no predecessor. */
export function uplinkOf(row: PendingRow): Uplink {
  return {
    messageId: messageIdOf(row.id),
    afterId: null,
    senderId: row.sender_id,
    target: { kind: row.target_kind, id: row.target_id },
    type: row.type,
    content: row.content,
    serverTime: row.server_time,
    clientTime: row.client_time,
    syncEpoch: null,
    refuse: null,
  };
}
