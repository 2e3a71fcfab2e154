import type { Outcome, Storage, Uplink } from "../../src/adapters/contracts/index.js";
import type { Letter } from "./writer.js";

const OTHER_CONTENT = Buffer.from("not what was written first");

/**
 * Commits letters once more, under the ids they had and with another content, straight into the storage. Gives those whose
 * answer is not the one their sender got, and those that were stored anew.
 */
export async function changedAnswers(storage: Storage, letters: readonly Letter[]): Promise<Letter[]> {
  const outcomes: Outcome[] = [];
  while (outcomes.length < letters.length) {
    const batch = letters.slice(outcomes.length, outcomes.length + storage.commitLimits.maxUplinks);
    const answer = await storage.messages.commit(batch.map(uplinkOf));
    outcomes.push(...answer.outcomes);
  }
  return letters.filter((letter, index) => !isSameAnswer(letter, outcomes[index]));
}

function uplinkOf({ messageId, from, to }: Letter): Uplink {
  const target = "groupId" in to ? { kind: "group", id: to.groupId } : { kind: "single", id: to.userId };
  return {
    messageId,
    afterId: null,
    senderId: from,
    target: target as Uplink["target"],
    type: 1,
    content: OTHER_CONTENT,
    clientTime: 0,
    serverTime: 0,
    syncEpoch: null,
    refuse: null,
  };
}

function isSameAnswer({ messageId, seq }: Letter, outcome: Outcome | undefined): boolean {
  if (outcome?.kind !== "stored" || outcome.fresh !== null) return false;
  return outcome.receipt.messageId === messageId && outcome.receipt.senderSeq === seq;
}
