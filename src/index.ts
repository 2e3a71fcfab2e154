/** `shyim`: the server. Everything public is listed here by hand. */

export type * from "./adapters/contracts/index.js";
export type { HubTimers } from "./adapters/memory/hub/hub-timers.js";
export {
  type MemoryHub,
  type MemoryHubOptions,
  type MemoryRpcOptions,
  memoryHub,
} from "./adapters/memory/hub/memory-hub.js";
export type { MemoryLink } from "./adapters/memory/hub/memory-link.js";
export type { DrawQueueFate, QueueFate } from "./adapters/memory/hub/queue-fate.js";
export { MemoryStorage, type MemoryStorageOptions, memoryStorage } from "./adapters/memory/memory-storage.js";
export { type MemoryTransport, memoryTransport } from "./adapters/memory/memory-transport.js";
export type { WsTransportOptions } from "./adapters/ws/ws-options.js";
export { wsTransport } from "./adapters/ws/ws-transport.js";
export { CLOSE } from "./core/close-codes.js";
export { type ErrorCode, ImError, type ImErrorOptions, isImError, type WireCode } from "./core/errors.js";
export { GROUP_NOTICE, type GroupNotice, type GroupNoticeKind, parseGroupNotice } from "./core/group-notice.js";
export type { MessageInput, MessageTypeName } from "./core/message-type.js";
export type { GroupId, Message, MessageId, Seq, SyncEpoch, Target, UserId } from "./core/model.js";
export type { Recipient } from "./core/recipient.js";
export type { Cancel, Runtime } from "./core/runtime.js";
export type { AccountsKey, AccountsOptions } from "./server/accounts/accounts-options.js";
export type { AuditEvent } from "./server/accounts/audit.js";
export type { AdditionEvent, CanAddToGroup } from "./server/accounts/group-consent.js";
export type { AuthenticateContext, AuthOptions, Identity, OpenSession } from "./server/auth.js";
export { createImServer } from "./server/create-im-server.js";
export type {
  BeforeSend,
  BeforeSendEvent,
  CanSend,
  ChangedMessage,
  Hooks,
  IncomingMessage,
  SendEvent,
} from "./server/delivery/admission.js";
export type { AdapterHealth } from "./server/health/adapter-health.js";
export type {
  ActingUser,
  AddedFriend,
  CallOrigin,
  ConversationPage,
  Credentials,
  GroupMember,
  NamedUser,
  OwnGroup,
  OwnProfile,
  Profile,
  Registration,
  ServerFriends,
  ServerGroups,
  ServerUsers,
  SignedIn,
} from "./server/im-accounts.js";
export type {
  Activity,
  Failure,
  HistoryOptions,
  ImServer,
  ImServerEvents,
  Listening,
  ListenOptions,
  PendingReceipt,
  ServerHealth,
  ServerMessage,
  ServerMessages,
  ServerReceipt,
  ServerSend,
  ServerSendOptions,
  ServerSessions,
} from "./server/im-server.js";
export { DEFAULT_LIMITS, type Limits } from "./server/limits.js";
export type { LogFields, Logger } from "./server/logger.js";
export type { ImServerOptions } from "./server/options.js";
export type { ServerRuntime } from "./server/server-runtime.js";
