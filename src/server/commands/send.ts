import type { Uplink } from "../../adapters/contracts/index.js";
import { CLOSE } from "../../core/close-codes.js";
import { ImError, isImError, WIRE_CODES, type WireCode } from "../../core/errors.js";
import type { NackFrame, ServerFrame, UplinkFrame } from "../../core/frames.js";
import { messageIdOf, type Target } from "../../core/model.js";
import type { Answer } from "../connections/connection.js";
import type { Admission, Draft } from "../delivery/admission.js";
import type { Decision } from "../delivery/commit-lane.js";
import type { Uplinks } from "../delivery/committer.js";
import type { Report } from "../report.js";
import type { SignedIn } from "./signed-in.js";

/** A message on its way in. Its rules run one after the other; the commits of one connection run side by side. */
export type SendCommand = (on: SignedIn, frame: UplinkFrame) => Answer | Promise<Answer>;

/** When a sender that was told `busy` tries again, ms. */
const BUSY_RETRY_MS = 1_000;
/** Types only the server itself may use. */
const isReservedType = (type: number): boolean => type >= 100 && type <= 999;

export function createSendCommand(admission: Admission, uplinks: Uplinks, report: Report): SendCommand {
  return (on, frame) => {
    const commit = (uplink: Uplink): Answer => ({
      later: uplinks.submit(uplink).then((decision) => answer(on, frame, decision)),
    });
    try {
      const uplink = admission.admit(draftOf(on, frame));
      if (!(uplink instanceof Promise)) return commit(uplink);
      return uplink.then(commit).catch((error) => refusal(on, frame, error, report));
    } catch (error) {
      return refusal(on, frame, error, report);
    }
  };
}

/** Errors: `invalid_argument` or `forbidden` for what the frame itself gets wrong. */
function draftOf({ session, stream }: SignedIn, frame: UplinkFrame): Draft {
  const { type, content, clientTime, afterClientId, sender } = frame;
  if (sender !== "" && sender !== session.userId) throw new ImError("forbidden");
  if (isReservedType(type)) {
    throw new ImError("invalid_argument", { message: `message types 100–999 are the server's own, got ${type}` });
  }
  return {
    messageId: messageIdOf(session.origin, frame.clientId),
    afterId: afterClientId === 0 ? null : messageIdOf(session.origin, afterClientId),
    senderId: session.userId,
    target: targetOf(frame),
    type,
    content,
    clientTime,
    syncEpoch: stream.syncEpoch,
  };
}

function targetOf({ sessionType, receiver }: UplinkFrame): Target {
  if (sessionType === 1) return { kind: "single", id: receiver };
  if (sessionType === 2) return { kind: "group", id: receiver };
  throw new ImError("invalid_argument", { message: `the session type must be 1 or 2, got ${sessionType}` });
}

function answer({ connection, stream }: SignedIn, frame: UplinkFrame, decision: Decision): ServerFrame | null {
  const { clientId } = frame;
  const { outcome } = decision;
  if (outcome === "busy") return nack(clientId, "busy", "", BUSY_RETRY_MS, stream.syncEpoch);
  const { syncEpoch } = decision;
  switch (outcome.kind) {
    case "stored": {
      const { messageId, senderSeq, serverTime } = outcome.receipt;
      return { kind: "uplink_ack", clientId, seq: stream.ackSeq(senderSeq), messageId, serverTime, syncEpoch };
    }
    case "refused":
      return nack(clientId, outcome.code, "", 0, syncEpoch);
    case "out_of_order":
      return nack(clientId, "out_of_order", "", 0, syncEpoch);
    case "stale":
      connection.end(CLOSE.restart, "the storage was restored; log in again");
      return null;
  }
}

function refusal({ stream }: SignedIn, frame: UplinkFrame, error: unknown, report: Report): Answer {
  if (!isImError(error)) throw error;
  if (error.code === "busy") report("hook", error.cause ?? error);
  const code = Object.hasOwn(WIRE_CODES, error.code) ? (error.code as WireCode) : "internal";
  return { reply: nack(frame.clientId, code, error.message, error.retryAfterMs ?? 0, stream.syncEpoch) };
}

function nack(clientId: number, code: WireCode, text: string, retryAfterMs: number, syncEpoch: string): NackFrame {
  return { kind: "nack", clientId, code, text, retryAfterMs, syncEpoch };
}
