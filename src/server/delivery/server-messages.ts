import type { MessageStore, PendingSends, Uplink } from "../../adapters/contracts/index.js";
import { encodeText, toHex } from "../../core/bytes.js";
import { type ErrorCode, ImError, isImError } from "../../core/errors.js";
import { parseMessageInput } from "../../core/message-type.js";
import { assertId, invalidArgument, type MessageId } from "../../core/model.js";
import { parseRecipient } from "../../core/recipient.js";
import type { PendingReceipt, ServerMessages, ServerReceipt, ServerSend, ServerSendOptions } from "../im-server.js";
import type { ServerRuntime } from "../server-runtime.js";
import type { Admission, Draft } from "./admission.js";
import type { Decision } from "./commit-lane.js";
import type { Uplinks } from "./committer.js";
import { createHistory } from "./history.js";
import type { PendingSender } from "./pending-sender.js";

const MAX_KEY_LENGTH = 200;

/** What sending from the server's side needs. */
export interface ServerMessagesServices {
  readonly admission: Admission;
  readonly uplinks: Uplinks;
  readonly pendingSends: PendingSends | undefined;
  readonly pendingSender: PendingSender;
  /** For reading. */
  readonly store: MessageStore;
  readonly runtime: ServerRuntime;
  /** Throws `unavailable` unless the server runs. */
  readonly assertRunning: () => void;
}

/** Sending without a socket: the same rules, the same commit. */
export function createServerMessages(services: ServerMessagesServices): ServerMessages {
  function send(message: ServerSend): Promise<ServerReceipt>;
  function send(message: ServerSend, options: ServerSendOptions): Promise<PendingReceipt>;
  async function send(message: ServerSend, options?: ServerSendOptions): Promise<ServerReceipt | PendingReceipt> {
    services.assertRunning();
    assertMessage(message);
    if (options !== undefined) assertOptions(options);
    const draft = draftOf(message, services.runtime);
    const uplink = await services.admission.admit(draft);
    if (options !== undefined) return sendWithin(options.transaction, uplink, services);
    return receiptOf(await services.uplinks.submit(uplink), draft.senderId === null);
  }
  return { send, history: createHistory(services.store, services.assertRunning) };
}

/** Puts a message down in the application's transaction; it is delivered once that has committed. */
async function sendWithin(
  transaction: unknown,
  uplink: Uplink,
  { pendingSends, pendingSender }: ServerMessagesServices,
): Promise<PendingReceipt> {
  if (pendingSends === undefined) {
    const message =
      "the storage of this server takes no transactions: use one that shares your database, such as knexStorage";
    throw new ImError("invalid_argument", { message });
  }
  const bySystem = uplink.senderId === null;
  if (uplink.refuse !== null) throw refusalOf(uplink.refuse, bySystem);
  const { settled } = await pendingSends.write(transaction, uplink).catch((error) => {
    throw isImError(error, "not_member") ? refusalOf("not_member", bySystem) : error;
  });
  void settled.then(() => pendingSender.hint());
  return { messageId: uplink.messageId };
}

function assertMessage(message: unknown): void {
  if (typeof message === "object" && message !== null) return;
  throw invalidArgument("messages.send takes { to, text, … }", message);
}

/** A transaction that is missing or misspelt must not become a message of its own, which no rollback takes back. */
function assertOptions(options: unknown): void {
  const { transaction, ...others } = Object(options) as Partial<ServerSendOptions>;
  const [unknownName] = Object.keys(others);
  if (unknownName !== undefined) throw invalidArgument("messages.send knows the option transaction", unknownName);
  if (Object(transaction) !== transaction)
    throw invalidArgument("transaction must be a transaction of your database", transaction);
}

function draftOf(message: ServerSend, runtime: ServerRuntime): Draft {
  const { from, key, to } = message;
  if (from !== undefined) assertId(from, "from");
  return {
    messageId: serverMessageId(from ?? "", key, runtime),
    afterId: null,
    senderId: from ?? null,
    target: parseRecipient(to),
    ...parseMessageInput(message),
    clientTime: runtime.now(),
    syncEpoch: null,
  };
}

/** With a key a pure function of sender and key, so that a repeated call is the same message; otherwise random. */
function serverMessageId(sender: string, key: unknown, runtime: ServerRuntime): MessageId {
  if (key === undefined) return toHex(runtime.randomBytes(16));
  if (typeof key !== "string" || key.length === 0 || key.length > MAX_KEY_LENGTH) {
    throw invalidArgument(`key must be a string of 1–${MAX_KEY_LENGTH} characters`, key);
  }
  return toHex(runtime.sha256(encodeText(`${sender} server ${key}`)).subarray(0, 16));
}

function receiptOf({ outcome }: Decision, bySystem: boolean): ServerReceipt {
  if (outcome === "busy") {
    const message = "the storage did not answer in time; the outcome is unknown: send again with the same key";
    throw new ImError("busy", { message, retryAfterMs: 1_000 });
  }
  if (outcome.kind === "stored") {
    const { messageId, conversationSeq, serverTime } = outcome.receipt;
    return { messageId, conversationSeq, sentAt: serverTime };
  }
  throw outcome.kind === "refused" ? refusalOf(outcome.code, bySystem) : new ImError("internal");
}

/** Storage asks the system for no membership: what it refuses as `not_member` is a group that does not exist. */
function refusalOf(code: ErrorCode, bySystem: boolean): ImError {
  const isMissing = bySystem && code === "not_member";
  return isMissing ? new ImError("not_found", { message: "there is no such group" }) : new ImError(code);
}
