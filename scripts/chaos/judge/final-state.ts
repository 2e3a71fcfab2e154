import type { Storage } from "../../../src/adapters/contracts/index.js";
import type { GroupId, InboxItem, Message, MessageId, Seq, UserId } from "../../../src/core/model.js";
import type { FinalState, Stay } from "../../../src/testing/simulation/history.js";

const PAGE = { maxItems: 2_000, maxBytes: 8 * 1_048_576 };

/** Reads everything that these users and groups have, past the nodes. */
export async function readFinalState(
  storage: Pick<Storage, "messages" | "groups">,
  userIds: readonly UserId[],
  groupIds: readonly GroupId[],
): Promise<FinalState> {
  const { syncEpoch: epoch } = await storage.messages.readHeads([]);
  const inboxes = new Map<UserId, readonly InboxItem[]>();
  const baseSeqs = new Map<UserId, Seq>();
  const known = new Map<MessageId, Message>();
  for (const userId of userIds) {
    const { items, baseSeq } = await readWhole(storage.messages, userId, known);
    inboxes.set(userId, items);
    baseSeqs.set(userId, baseSeq);
  }
  const stays = new Map<GroupId, readonly Stay[]>();
  for (const groupId of groupIds) stays.set(groupId, await storage.groups.memberships(groupId));
  return { epoch, inboxes, baseSeqs, stays };
}

/** @param known every message is kept once */
async function readWhole(
  messages: Storage["messages"],
  userId: UserId,
  known: Map<MessageId, Message>,
): Promise<{ readonly items: readonly InboxItem[]; readonly baseSeq: Seq }> {
  const items: InboxItem[] = [];
  for (;;) {
    const page = await messages.readInbox(userId, items.at(-1)?.seq ?? 0, PAGE);
    for (const { seq, message } of page.items) items.push({ seq, message: theOne(known, message) });
    if (page.items.length === 0) return { items, baseSeq: page.baseSeq };
  }
}

/** Inboxes point to messages; a copy of each in 200 inboxes would be too much. */
function theOne(known: Map<MessageId, Message>, message: Message): Message {
  const other = known.get(message.messageId);
  if (other === undefined) known.set(message.messageId, message);
  return other ?? message;
}
