import type { CommitFacts } from "../contracts/decide-batch.js";
import type { Tables } from "./tables.js";

/** What a decision rests on, as the tables are at each question. */
export function commitFacts({ syncEpoch, messages, refusals, groups, blocks }: Tables): CommitFacts {
  return {
    syncEpoch,
    isStored: (messageId) => messages.has(messageId),
    refusalOf: (messageId) => refusals.find(messageId),
    membersOf: (groupId) => groups.get(groupId),
    hasBlocked: (receiverId, senderId) => blocks.get(receiverId)?.has(senderId) ?? false,
  };
}
