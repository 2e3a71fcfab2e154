import type { HeartbeatFrame } from "../../core/frames.js";
import type { Runtime } from "../../core/runtime.js";
import type { Answer } from "../connections/connection.js";
import type { SignedIn } from "./signed-in.js";

/** A client says it is alive and where it stands; it hears the head and the time. A legacy client expects no answer. */
export type HeartbeatCommand = (on: SignedIn, frame: HeartbeatFrame) => Answer;

export function createHeartbeatCommand(runtime: Runtime): HeartbeatCommand {
  return ({ session, stream }, frame) => {
    stream.acknowledge(frame.cursor);
    if (session.isLegacy) return {};
    return { reply: { kind: "heartbeat", cursor: 0, headSeq: stream.head, serverTime: runtime.now() } };
  };
}
