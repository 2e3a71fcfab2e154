import type { LoginFrame, UplinkFrame } from "../core/frames.js";
import type { UserId } from "../core/model.js";
import type { ClientPosition, OutboxEntry } from "./contracts.js";

/** The first frame of a connection: who this is and where its stream goes on. */
export function loginFrame(token: string, position: ClientPosition, deviceKind: string): LoginFrame {
  const { instanceId, cursor, cursorMessageId, syncEpoch } = position;
  return { kind: "login", token, instanceId, cursor, cursorMessageId, syncEpoch, caps: 0, deviceKind };
}

/** A message of the outbox on its way. */
export function uplinkFrame(entry: OutboxEntry, afterClientId: number, userId: UserId | null): UplinkFrame {
  const { clientId, target, type, content, clientTime } = entry;
  return {
    kind: "uplink",
    clientId,
    afterClientId,
    sessionType: target.kind === "group" ? 2 : 1,
    receiver: target.id,
    sender: userId ?? "",
    type,
    content,
    clientTime,
  };
}
