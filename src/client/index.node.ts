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

// Also here, though no Node has IndexedDB: programs that render pages on a server load the code of pages, and TypeScript
// reads this entry unless it is told otherwise.
export { deleteIndexedDbStore } from "./platforms/indexed-db/delete-indexed-db-store.js";
export { indexedDbStore } from "./platforms/indexed-db/indexed-db-store.js";
export * from "./public.js";
