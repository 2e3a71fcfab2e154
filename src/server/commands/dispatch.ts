import { CLOSE } from "../../core/close-codes.js";
import type { ClientFrame } from "../../core/frames.js";
import type { Answer, Connection } from "../connections/connection.js";
import type { HeartbeatCommand } from "./heartbeat.js";
import type { LoginCommand } from "./login.js";
import type { PushAckCommand } from "./push-ack.js";
import type { SendCommand } from "./send.js";
import type { SyncCommand } from "./sync.js";
import type { TokenCommand } from "./token.js";

/** One handler per kind of frame. A new command is one file here, one line below and one line in the composition. */
export interface Commands {
  readonly login: LoginCommand;
  readonly heartbeat: HeartbeatCommand;
  readonly uplink: SendCommand;
  readonly push_ack: PushAckCommand;
  readonly sync: SyncCommand;
  readonly token: TokenCommand;
}

const NOTHING: Answer = {};

/** Carries a frame to its command; a frame that is illegal now closes the connection with 4400. */
export function createDispatch(
  commands: Commands,
): (connection: Connection, frame: ClientFrame) => Answer | Promise<Answer> {
  return (connection, frame) => {
    if (frame.kind === "login") {
      return connection.beginLogin() ? commands.login(connection, frame) : illegal(connection, "a second login");
    }
    const { session, stream } = connection;
    if (session === null || stream === null) return illegal(connection, `${frame.kind} before login`);
    const signedIn = { connection, session, stream };
    switch (frame.kind) {
      case "heartbeat":
        return commands.heartbeat(signedIn, frame);
      case "uplink":
        return commands.uplink(signedIn, frame);
      case "push_ack":
        return commands.push_ack(signedIn, frame);
      case "sync":
        return commands.sync(signedIn, frame);
      case "token":
        return commands.token(signedIn, frame);
    }
  };
}

function illegal(connection: Connection, what: string): Answer {
  connection.end(CLOSE.badFrame, what);
  return NOTHING;
}
