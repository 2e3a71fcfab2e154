/** The client for Node: `import { createImClient } from "shyim/client"`. */

import { createClient } from "./create-im-client.js";
import type { ImClient } from "./im-client.js";
import type { ClientOptions } from "./options.js";
import { nodePlatform } from "./platforms/node.js";

/**
 * A client in a Node process. Throws `invalid_argument` with every problem of the options.
 * Nothing happens before `connect()` or `send()`. From then on the client keeps the process alive until `close()`, also
 * while it waits for its next try.
 */
export function createImClient(options: ClientOptions): ImClient {
  return createClient(nodePlatform(options?.WebSocket), options);
}

export * from "./public.js";
