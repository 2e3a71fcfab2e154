import { conversationKey, type UserId } from "../../../core/model.js";
import { type Facts, groupBy, isPresent, type StoredMessage } from "./facts.js";
import type { Violation } from "./violation.js";

/** What the final storage must look like by itself: one message per act of composing, everybody's copy, nobody else's. */
export function checkStorage(facts: Facts): Violation[] {
  return [
    ...checkNumbering(facts),
    ...[...facts.stored.values()].flatMap((stored) => [...checkTruth(facts, stored), ...checkAudience(facts, stored)]),
    ...checkOnce(facts),
    ...checkSenderOrder(facts),
    ...checkSameOrder(facts),
  ];
}

/** I4: 1, 2, 3 … and no message twice. */
function checkNumbering({ final }: Facts): Violation[] {
  const found: Violation[] = [];
  for (const [userId, items] of final.inboxes) {
    const seen = new Set<string>();
    items.forEach(({ seq, message }, index) => {
      if (seq !== index + 1)
        found.push({ class: "skip", text: `inbox of ${userId}: ${seq} stands where ${index + 1} should` });
      if (seen.has(message.messageId)) {
        found.push({ class: "duplicate", text: `inbox of ${userId} holds ${message.messageId} twice` });
      }
      seen.add(message.messageId);
    });
  }
  return found;
}

/** I11, second half: what is stored is what its sender composed. */
function checkTruth(facts: Facts, stored: StoredMessage): Violation[] {
  const { operation, message, conversation } = stored;
  const invoke = facts.invoked.get(operation)?.event;
  if (invoke === undefined) return [{ class: "forged", operation, text: "stored, and nobody composed it" }];
  if (invoke.userId === message.senderId && invoke.conversation === conversation) return [];
  const text = `stored as ${message.senderId} in "${conversation}", composed as ${invoke.userId} in "${invoke.conversation}"`;
  return [{ class: "forged", operation, text }];
}

/** I3 and the first half of I11: all of the audience, and only the audience. */
function checkAudience(facts: Facts, stored: StoredMessage): Violation[] {
  const audience = audienceOf(facts, stored);
  const { operation, holders, message } = stored;
  const missing = [...audience].filter((userId) => !holders.has(userId));
  const extra = [...holders.keys()].filter((userId) => !audience.has(userId));
  const isOutside = message.senderId !== null && !audience.has(message.senderId);
  return [
    ...(isOutside ? [{ class: "forged", operation, text: `${message.senderId} was no member` } as const] : []),
    ...missing.map((userId): Violation => ({ class: "torn", operation, text: `not in the inbox of ${userId}` })),
    ...extra.map((userId): Violation => ({ class: "leaked", operation, text: `in the inbox of ${userId}` })),
  ];
}

function audienceOf({ final }: Facts, { message }: StoredMessage): Set<UserId> {
  const { target, senderId, conversationSeq } = message;
  if (target.kind === "single") return new Set(senderId === null ? [target.id] : [senderId, target.id]);
  const stays = final.stays.get(target.id) ?? [];
  return new Set(stays.filter((stay) => isPresent(stay, conversationSeq)).map(({ userId }) => userId));
}

/** I2: one act of composing, one message. The renumbered retries of a legacy client are its own affair. */
function checkOnce(facts: Facts): Violation[] {
  const found: Violation[] = [];
  for (const [operation, copies] of facts.storedBy) {
    const invoke = facts.invoked.get(operation)?.event;
    if (copies.length < 2 || invoke === undefined || !invoke.once) continue;
    found.push({ class: "duplicate", operation, text: `stored ${copies.length} times` });
  }
  return found;
}

/** I8: what one instance sends into one conversation is stored in the order it was submitted. */
function checkSenderOrder(facts: Facts): Violation[] {
  const found: Violation[] = [];
  const sent = [...facts.invoked.values()].filter(({ event }) => event.author === "sdk");
  for (const lane of groupBy(sent, ({ event }) => `${event.device} ${event.conversation}`).values()) {
    for (const isOfLastEpoch of [false, true]) {
      let highest = 0;
      for (const stored of lane.flatMap(({ event }) => facts.storedBy.get(event.operation) ?? [])) {
        if (stored.isOfLastEpoch !== isOfLastEpoch) continue;
        const { conversationSeq } = stored.message;
        if (conversationSeq < highest) {
          found.push({
            class: "reordered",
            operation: stored.operation,
            text: "stored before an earlier one of its sender",
          });
        }
        highest = Math.max(highest, conversationSeq);
      }
    }
  }
  return found;
}

/** I9: in every inbox a conversation runs upwards, so any two members agree. */
function checkSameOrder({ final }: Facts): Violation[] {
  const found: Violation[] = [];
  for (const [userId, items] of final.inboxes) {
    const highest = new Map<string, number>();
    for (const { seq, message } of items) {
      const conversation = conversationKey(message.senderId, message.target);
      if (message.conversationSeq <= (highest.get(conversation) ?? 0)) {
        found.push({
          class: "reordered",
          text: `inbox of ${userId}, ${seq}: before an earlier one of its conversation`,
        });
      }
      highest.set(conversation, message.conversationSeq);
    }
  }
  return found;
}
