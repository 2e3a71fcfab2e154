import { messageText } from "../../../core/message-type.js";
import { conversationKey, type InboxItem, type SyncEpoch } from "../../../core/model.js";
import { operationOfMessage, type ShownItem } from "../history.js";

/** An inbox item as the history knows it. */
export function shownItem({ seq, message }: InboxItem, epoch: SyncEpoch): ShownItem {
  const { messageId, senderId, target, type, content } = message;
  const conversation = conversationKey(senderId, target);
  const operation = operationOfMessage(messageId, messageText(type, content));
  return { seq, messageId, conversation, senderId, operation, epoch };
}
