/** The client for browsers: `import { createImClient } from "shyim/client"`. */

import { createClient } from "./create-im-client.js";
import type { ImClient } from "./im-client.js";
import type { ClientOptions } from "./options.js";
import { browserPlatform } from "./platforms/browser.js";

/**
 * A client in a page or worker. Throws `invalid_argument` with every problem of the options.
 * Nothing happens before `connect()` or `send()`.
 */
export function createImClient(options: ClientOptions): ImClient {
  return createClient(browserPlatform(options?.WebSocket), options);
}

export { deleteIndexedDbStore } from "./platforms/indexed-db/delete-indexed-db-store.js";
export { indexedDbStore } from "./platforms/indexed-db/indexed-db-store.js";
export * from "./public.js";
