import type { MessageStore } from "../../../src/adapters/contracts/index.js";
import type { Seq, UserId } from "../../../src/core/model.js";
import type { InboxView } from "./seat.js";

/** The end of an inbox, which is read for the last item of somebody else. */
const TAIL = { maxItems: 200, maxBytes: 1_048_576 };

/** How the inboxes of all these users are now. Rejects while the storage does not answer. */
export async function viewInboxes(
  messages: Pick<MessageStore, "readHeads" | "readInbox">,
  userIds: readonly UserId[],
): Promise<ReadonlyMap<UserId, InboxView>> {
  const { syncEpoch: epoch, heads } = await messages.readHeads(userIds);
  const views = new Map<UserId, InboxView>();
  for (const userId of userIds) {
    const head = heads.get(userId) ?? 0;
    views.set(userId, { epoch, head, lastReceived: await lastReceived(messages, userId, head) });
  }
  return views;
}

async function lastReceived(messages: Pick<MessageStore, "readInbox">, userId: UserId, head: Seq): Promise<Seq> {
  for (let end = head; end > 0; end -= TAIL.maxItems) {
    const { items } = await messages.readInbox(userId, Math.max(0, end - TAIL.maxItems), TAIL);
    const last = [...items].reverse().find(({ seq, message }) => seq <= end && message.senderId !== userId);
    if (last !== undefined) return last.seq;
  }
  return 0;
}
