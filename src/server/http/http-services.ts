import type { UserId } from "../../core/model.js";
import type { CallOrigin, ServerFriends, ServerGroups, ServerUsers } from "../im-accounts.js";
import type { ServerMessages } from "../im-server.js";

/** What the HTTP API calls. A server with built-in accounts is one: `createHttpApi(im)`. */
export interface HttpServices {
  /**
   * Who a token belongs to.
   * Errors: `unauthenticated` for a token that is not good; `busy` when nobody can tell just now; `rate_limited`.
   */
  authenticate(token: string, from?: CallOrigin): Promise<{ readonly userId: UserId }>;
  readonly users: ServerUsers;
  readonly friends: ServerFriends;
  readonly groups: ServerGroups;
  /** Only for reading back what was said. */
  readonly messages: Pick<ServerMessages, "history">;
}
