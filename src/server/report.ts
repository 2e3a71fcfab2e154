import type { Emitter } from "../core/emitter.js";
import type { Activity, ImServerEvents } from "./im-server.js";
import type { LogFields, Logger } from "./logger.js";

/** Tells that something inside failed and the server went on: once in the log, once as the event `failed`. */
export type Report = (during: Activity, error: unknown, fields?: LogFields) => void;

const TEXT: Readonly<Record<Activity, string>> = {
  commit: "a commit failed; trying again",
  login: "a login could not be decided; the client comes back",
  "read-inbox": "reading an inbox failed; trying again",
  "read-heads": "reading heads failed; trying again",
  sync: "a sync page could not be read; the client asks again",
  hook: "a rule for sending failed; the sender was told to come back",
  "pending-send": "a message from an application's transaction was refused, or could not be delivered just now",
  recheck: "whether sessions still stand could not be asked; asking again in a minute",
  command: "a command failed; its connection is closed",
  storage: "the storage cannot be reached; trying again every second",
};

const isOurs = (during: Activity): boolean => during === "hook" || during === "command";

/** The one way trouble inside is told. */
export function createReport(logger: Logger, events: Emitter<ImServerEvents>): Report {
  return (during, error, fields = {}) => {
    logger[isOurs(during) ? "error" : "warn"]({ ...fields, error }, TEXT[during]);
    const { messageId } = fields;
    events.emit("failed", typeof messageId === "string" ? { during, error, messageId } : { during, error });
  };
}
