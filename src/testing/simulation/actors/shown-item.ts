import { decodeText } from "../../../core/bytes.js";
import { conversationKey, type InboxItem, type SyncEpoch } from "../../../core/model.js";
import { operationOf, type ShownItem } from "../history.js";

/** An inbox item as the history knows it. */
export function shownItem({ seq, message }: InboxItem, epoch: SyncEpoch): ShownItem {
  const { messageId, senderId, target, content } = message;
  const conversation = conversationKey(senderId, target);
  return { seq, messageId, conversation, senderId, operation: operationOf(decodeText(content)), epoch };
}
