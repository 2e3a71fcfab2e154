import type { MessageStore } from "../../adapters/contracts/index.js";
import { assertId, invalidArgument, type UserId } from "../../core/model.js";
import { parseRecipient, type Recipient } from "../../core/recipient.js";
import type { ConversationPage } from "../im-accounts.js";
import type { HistoryOptions, ServerMessage } from "../im-server.js";
import { serverMessageOf } from "./server-message.js";

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;
/** Content of one page; a page holds one message in any case. */
const MAX_BYTES = 262_144;

/** Reads what a user may see of a conversation, newest stretch first. */
export function createHistory(store: MessageStore, assertRunning: () => void) {
  return async (
    viewerId: UserId,
    to: Recipient,
    { before = 0, limit = DEFAULT_LIMIT }: HistoryOptions = {},
  ): Promise<ConversationPage<ServerMessage>> => {
    assertRunning();
    assertId(viewerId, "viewerId");
    const target = parseRecipient(to);
    if (!Number.isSafeInteger(before) || before < 0)
      throw invalidArgument("before must be an integer from 0 on", before);
    if (!Number.isSafeInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
      throw invalidArgument(`limit must be an integer from 1 to ${MAX_LIMIT}`, limit);
    }
    const page = await store.readConversation(viewerId, target, before, { maxItems: limit, maxBytes: MAX_BYTES });
    return { messages: page.messages.map(serverMessageOf), hasMore: page.hasMore };
  };
}
