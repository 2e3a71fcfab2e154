import type { Uplink } from "../../adapters/contracts/index.js";
import { bytes, hexOf, int, int32, text } from "../../core/codec/field-kinds.js";
import { Schema } from "../../core/codec/schema.js";
import { ImError, WIRE_CODES, wireCodeName } from "../../core/errors.js";
import { isId } from "../../core/model.js";

/** `proto/queue.proto`, field by field. */
const QUEUED = new Schema("QueuedUplink", {
  origin: [1, text],
  messageId: [2, hexOf(0, 16)],
  afterId: [3, hexOf(0, 16)],
  senderId: [4, text],
  targetKind: [5, int32],
  targetId: [6, text],
  type: [7, int32],
  content: [8, bytes],
  clientTime: [9, int],
  serverTime: [10, int],
  syncEpoch: [11, text],
  refuse: [12, int32],
});

const SINGLE = 1;
const GROUP = 2;

/** An uplink on its way through a queue. */
export interface QueuedUplink {
  /** The node that has accepted it and waits for the outcome. */
  readonly origin: string;
  readonly uplink: Uplink;
}

/** The bytes that rest in the queue. */
export function encodeQueuedUplink({ origin, uplink }: QueuedUplink): Uint8Array {
  const { target, afterId, senderId, syncEpoch, refuse } = uplink;
  return QUEUED.write({
    ...uplink,
    origin,
    afterId: afterId ?? "",
    senderId: senderId ?? "",
    targetKind: target.kind === "single" ? SINGLE : GROUP,
    targetId: target.id,
    syncEpoch: syncEpoch ?? "",
    refuse: refuse === null ? 0 : WIRE_CODES[refuse],
  });
}

/** Errors: `invalid_argument` for what is no uplink, and never will be one. */
export function decodeQueuedUplink(value: Uint8Array): QueuedUplink {
  const { origin, targetKind, targetId, refuse, ...rest } = QUEUED.read(value);
  const { messageId, afterId, senderId, syncEpoch, type } = rest;
  const isWhole = messageId !== "" && isId(targetId) && (senderId === "" || isId(senderId)) && type > 0;
  if (!isWhole || (targetKind !== SINGLE && targetKind !== GROUP)) {
    throw new ImError("invalid_argument", { message: "a record of the queue is no uplink" });
  }
  const uplink: Uplink = {
    ...rest,
    afterId: afterId === "" ? null : afterId,
    senderId: senderId === "" ? null : senderId,
    target: { kind: targetKind === SINGLE ? "single" : "group", id: targetId },
    syncEpoch: syncEpoch === "" ? null : syncEpoch,
    refuse: refuse === 0 ? null : wireCodeName(refuse),
  };
  return { origin, uplink };
}
