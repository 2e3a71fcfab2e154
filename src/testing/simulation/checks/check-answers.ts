import { describe } from "../../../core/model.js";
import { type EventOf, type Facts, groupBy, isPresent, type Placed, placed, type StoredMessage } from "./facts.js";
import type { Violation } from "./violation.js";

/** I1, I2, I10: what the senders were told holds, and is the same however often they ask. */
export function checkAnswers(facts: Facts): Violation[] {
  return [
    ...checkAcks(facts),
    ...checkRefusals(facts),
    ...checkGivenUp(facts),
    ...checkRepeats(facts),
    ...checkDropped(facts),
  ];
}

/** What a node has taken from the queue is not brought again: it is decided by then, or put aside if nobody can read it. */
function checkDropped({ events }: Facts): Violation[] {
  return placed(events, "dropped").map(({ event: { messageId, node } }) => {
    const text = `node ${node} took ${messageId ?? "what nobody can read"} from the queue, and nothing was decided`;
    return { class: "lost", text };
  });
}

/** Answers that ask for a repeat; a client of ours never gives up with one. */
const TO_BE_REPEATED: ReadonlySet<string> = new Set(["busy", "out_of_order", "rate_limited"]);

/** What is only unknown, or too early, is not refused. */
function checkGivenUp(facts: Facts): Violation[] {
  return placed(facts.events, "refused").flatMap(({ event: { operation, code } }) => {
    const isOurs = facts.invoked.get(operation)?.event.author === "sdk";
    if (!isOurs || !TO_BE_REPEATED.has(code)) return [];
    return [{ class: "lost" as const, operation, text: `given up with ${code}, which asks for a repeat` }];
  });
}

/** An acknowledged message is stored, at the place that was named. */
function checkAcks(facts: Facts): Violation[] {
  const acks: Placed<"ack" | "answer">[] = [...placed(facts.events, "ack"), ...placed(facts.events, "answer")];
  return acks.flatMap(({ index, event }) => {
    if (event.messageId === null) return [];
    const stored = facts.stored.get(event.messageId);
    if (stored === undefined) return checkGone(facts, index, event);
    return checkPlace(facts, index, event, stored);
  });
}

/** A restore may lose what came after the backup; but who still has it puts it back, unless it is refused now. */
function checkGone(facts: Facts, index: number, event: EventOf<"ack" | "answer">): Violation[] {
  const { operation } = event;
  const isRefusedNow = facts.events.some(
    (other) => other.kind === "answer" && other.operation === operation && isRefusedIn(other, facts.final.epoch),
  );
  const author = facts.invoked.get(operation)?.event.author;
  if (facts.isWiped(index) && (isRefusedNow || author !== "sdk")) return [];
  if (event.kind === "ack" && wentToNobody(facts, event)) return [];
  return [{ class: "lost", operation, text: "acknowledged, and not stored" }];
}

/** The system spoke to a group without members: it is stored, and in no inbox. */
function wentToNobody({ final, invoked }: Facts, { operation, conversationSeq }: EventOf<"ack">): boolean {
  const conversation = invoked.get(operation)?.event.conversation ?? "";
  if (!conversation.startsWith("g ") || conversationSeq === undefined) return false;
  const stays = final.stays.get(conversation.slice(2)) ?? [];
  return !stays.some((stay) => isPresent(stay, conversationSeq));
}

function isRefusedIn(event: EventOf<"answer">, epoch: string): boolean {
  return event.code !== null && event.epoch === epoch;
}

function checkPlace(facts: Facts, index: number, event: EventOf<"ack" | "answer">, stored: StoredMessage): Violation[] {
  const { operation, seq } = event;
  const found: Violation[] = [];
  if (stored.operation !== operation) {
    found.push({ class: "ack-changed", operation, text: `acknowledged as the message of ${stored.operation}` });
  }
  const invoke = facts.invoked.get(operation)?.event;
  if (invoke === undefined || invoke.author === "legacy" || facts.isWiped(index)) return found;
  const place = invoke.userId === null ? 0 : stored.holders.get(invoke.userId);
  const isAnotherEpoch = event.kind === "answer" && event.epoch !== facts.final.epoch && stored.isOfLastEpoch;
  if (seq === null || place === undefined || place === seq || isAnotherEpoch) return found;
  return [...found, { class: "ack-changed", operation, text: `acknowledged at ${seq}, stored at ${place}` }];
}

/** A refused message never appears. */
function checkRefusals(facts: Facts): Violation[] {
  const found: Violation[] = [];
  for (const [operation, { event }] of facts.invoked) {
    if (!event.forbidden || !facts.storedBy.has(operation)) continue;
    found.push({ class: "aborted-read", operation, text: "forbidden by a rule, and stored" });
  }
  for (const { event, index } of placed(facts.events, "refused")) {
    // A client that was told never asks again; an application may repeat its key after the tombstone was lost with the rest.
    const mayRepeat = facts.isWiped(index) && facts.invoked.get(event.operation)?.event.author === "server";
    if (mayRepeat || !facts.storedBy.has(event.operation)) continue;
    found.push({ class: "aborted-read", operation: event.operation, text: `refused (${event.code}), and stored` });
  }
  for (const { event } of placed(facts.events, "answer")) {
    if (event.code === null || facts.invoked.get(event.operation)?.event.author === "legacy") continue;
    if (!facts.storedBy.get(event.operation)?.some((stored) => isSameEpoch(facts, event, stored))) continue;
    const text = `refused (${describe(event.code)}) on the wire, and stored`;
    found.push({ class: "aborted-read", operation: event.operation, text });
  }
  return found;
}

function isSameEpoch({ final }: Facts, event: EventOf<"answer">, stored: StoredMessage): boolean {
  return (event.epoch === final.epoch) === stored.isOfLastEpoch;
}

/** All answers for one message of one epoch are equal. The numbers told to a legacy client depend on what it has seen. */
function checkRepeats(facts: Facts): Violation[] {
  const answers = placed(facts.events, "answer")
    .map(({ event }) => event)
    .filter(({ operation }) => facts.invoked.get(operation)?.event.author !== "legacy");
  const found: Violation[] = [];
  for (const [, repeats] of groupBy(answers, ({ operation, epoch }) => `${operation} ${epoch}`)) {
    const said = new Set(repeats.map(({ messageId, seq, code }) => `${messageId} at ${seq}, ${code}`));
    const operation = repeats[0]?.operation as string;
    if (said.size > 1) found.push({ class: "ack-changed", operation, text: `answered ${[...said].join("; then ")}` });
  }
  return found;
}
