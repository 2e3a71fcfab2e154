import type { PushAckFrame } from "../../core/frames.js";
import type { Answer } from "../connections/connection.js";
import type { SignedIn } from "./signed-in.js";

/** A client has everything up to its cursor: the pump may go on. */
export type PushAckCommand = (on: SignedIn, frame: PushAckFrame) => Answer;

export function createPushAckCommand(): PushAckCommand {
  return ({ stream }, frame) => {
    stream.acknowledge(frame.cursor);
    return {};
  };
}
