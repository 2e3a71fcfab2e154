import type { Connection } from "../connections/connection.js";
import type { Session } from "../connections/session.js";
import type { Stream } from "../connections/stream.js";

/** A connection whose login is complete, as the commands after it see it. */
export interface SignedIn {
  readonly connection: Connection;
  readonly session: Session;
  readonly stream: Stream;
}
