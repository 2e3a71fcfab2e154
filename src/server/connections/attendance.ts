import type { UserId } from "../../core/model.js";
import type { Connection } from "./connection.js";

/** Counts complete sessions per user, so that coming and going are told once each, in pairs. */
export class Attendance {
  readonly #present = new Map<UserId, Set<Connection>>();

  /** A session is complete. True when it is the user's first. */
  arrived(connection: Connection, userId: UserId): boolean {
    const set = this.#present.get(userId) ?? new Set();
    this.#present.set(userId, set);
    set.add(connection);
    return set.size === 1;
  }

  /** A connection has ended. The user, when it was their last complete session; otherwise `null`. */
  left(connection: Connection): UserId | null {
    const userId = connection.session?.userId;
    const set = userId === undefined ? undefined : this.#present.get(userId);
    if (userId === undefined || set === undefined || !set.delete(connection) || set.size > 0) return null;
    this.#present.delete(userId);
    return userId;
  }
}
