/** What both entries of the client export besides `createImClient`, by hand, name by name. */

export { type ErrorCode, ImError, type ImErrorOptions, isImError, type WireCode } from "../core/errors.js";
export { GROUP_NOTICE, type GroupNotice, type GroupNoticeKind, parseGroupNotice } from "../core/group-notice.js";
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
