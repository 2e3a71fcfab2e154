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

export { type ErrorCode, ImError, type ImErrorOptions, isImError, type WireCode } from "../core/errors.js";
export type { MessageInput, MessageTypeName } from "../core/message-type.js";
export type { InboxItem, Message, MessageId, Origin, Seq, SyncEpoch, Target, UserId } from "../core/model.js";
export type { Recipient } from "../core/recipient.js";
export type {
  ClientPosition,
  ClientSnapshot,
  ClientStore,
  OutboxEntry,
  SentEntry,
  StoreChange,
} from "./contracts.js";
export type {
  ClientEvents,
  ClientState,
  ClosedState,
  ImClient,
  ImMessage,
  OutboxMessage,
  RefusedEvent,
  SendRequest,
  SendResult,
  SentEvent,
} from "./im-client.js";
export type { ClientOptions } from "./options.js";
export { memoryStore } from "./stores/memory-store.js";
export type { TokenAnswer, TokenOption } from "./token.js";
export type { WebSocketConstructor, WebSocketEvent, WebSocketLike } from "./web-socket.js";
