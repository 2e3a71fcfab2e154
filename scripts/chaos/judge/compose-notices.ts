import { parseGroupNotice } from "../../../src/core/group-notice.js";
import { conversationKey, type GroupId, type Message, type MessageId } from "../../../src/core/model.js";
import { type FinalState, type HistoryEvent, operationOfMessage } from "../../../src/testing/simulation/history.js";

type Change = HistoryEvent & { readonly kind: "adding" | "removing" };

const CHANGES = { added: "adding", removed: "removing" } as const;

/**
 * A change of a group composes a notice, which is stored together with it, and nobody tells its id. So each notice that is stored is
 * put into the history where the change was asked for that it tells of; one that tells of no change anybody asked for is not, and so
 * nobody has composed it.
 */
export function composeNotices(events: readonly HistoryEvent[], final: FinalState): HistoryEvent[] {
  const composed = new Map<HistoryEvent, HistoryEvent[]>();
  const changes = events.filter(({ kind }) => kind === "adding" || kind === "removing");
  for (const [groupId, notices] of noticesByGroup(final)) {
    let from = 0;
    for (const notice of notices) {
      const index = changes.findIndex((event, place) => place >= from && isToldBy(event, groupId, notice));
      const change = changes[index];
      if (change === undefined) continue;
      from = index + 1;
      composed.set(change, [...(composed.get(change) ?? []), invokeOf(notice, change.at)]);
    }
  }
  return events.flatMap((event) => [event, ...(composed.get(event) ?? [])]);
}

function noticesByGroup({ inboxes }: FinalState): Map<GroupId, Message[]> {
  const groups = new Map<GroupId, Map<MessageId, Message>>();
  for (const items of inboxes.values()) {
    for (const { message } of items) {
      if (message.senderId !== null || message.target.kind !== "group") continue;
      const notices = groups.get(message.target.id) ?? new Map<MessageId, Message>();
      groups.set(message.target.id, notices.set(message.messageId, message));
    }
  }
  const inOrder = ([id, notices]: [GroupId, Map<MessageId, Message>]): [GroupId, Message[]] => [
    id,
    [...notices.values()].sort((a, b) => a.conversationSeq - b.conversationSeq),
  ];
  return new Map([...groups].map(inOrder));
}

function isToldBy(event: HistoryEvent, groupId: GroupId, { type, content }: Message): event is Change {
  if (event.kind !== "adding" && event.kind !== "removing") return false;
  const notice = parseGroupNotice(type, content);
  if (event.groupId !== groupId || notice === null) return false;
  const { kind, userIds } = notice;
  return (kind === "added" || kind === "removed") && CHANGES[kind] === event.kind && userIds.includes(event.userId);
}

function invokeOf({ messageId, senderId, target }: Message, at: number): HistoryEvent {
  return {
    at,
    kind: "invoke",
    operation: operationOfMessage(messageId, undefined),
    author: "server",
    userId: null,
    device: null,
    conversation: conversationKey(senderId, target),
    once: true,
    forbidden: false,
  };
}
