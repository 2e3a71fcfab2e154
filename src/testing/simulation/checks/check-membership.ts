import type { GroupId, MessageId, UserId } from "../../../core/model.js";
import type { HistoryEvent } from "../history.js";
import { type EventOf, type Facts, groupBy, type Placed, placed, type StoredMessage } from "./facts.js";
import type { Violation } from "./violation.js";

type ChangeKind = "adding" | "added" | "removing" | "removed";
type Change = Placed<ChangeKind>;

/**
 * I11 in real time, without asking the storage who was a member: nothing composed after an acknowledged removal
 * reaches the removed user; nothing composed after an acknowledged addition passes the new member by.
 */
export function checkMembership(facts: Facts): Violation[] {
  const changes = gatherChanges(facts.events);
  return [...facts.stored.values()].flatMap((stored) => {
    if (stored.message.target.kind !== "group") return [];
    const window = windowOf(facts, stored);
    if (window === null) return [];
    const groupId = stored.message.target.id;
    return [...changes.entries()].flatMap(([key, list]) => {
      if (!key.startsWith(`${groupId} `)) return [];
      return checkOne(facts, stored, list, window);
    });
  });
}

/** Between these places of the history the message was committed. */
interface Window {
  readonly from: number;
  readonly to: number;
}

function gatherChanges(events: readonly HistoryEvent[]): Map<string, Change[]> {
  const kinds: readonly ChangeKind[] = ["adding", "added", "removing", "removed"];
  const changes = kinds.flatMap((kind): Change[] => [...placed(events, kind)]);
  changes.sort((a, b) => a.index - b.index);
  return groupBy(changes, ({ event }) => keyOf(event.groupId, event.userId));
}

const keyOf = (groupId: GroupId, userId: UserId): string => `${groupId} ${userId}`;

function windowOf(facts: Facts, { operation, isOfLastEpoch, message }: StoredMessage): Window | null {
  const invoke = facts.invoked.get(operation);
  if (invoke === undefined) return null;
  const from = isOfLastEpoch ? Math.max(invoke.index, facts.restoredAt) : invoke.index;
  return { from, to: firstProof(facts.events, from + 1, message.messageId) };
}

/** The place of the first event, from `from` on, that proves the commit; the end of the history when there is none. */
function firstProof(events: readonly HistoryEvent[], from: number, messageId: MessageId): number {
  for (let index = from; index < events.length; index++) {
    if (provesCommit(events[index] as HistoryEvent, messageId)) return index;
  }
  return events.length;
}

function provesCommit(event: HistoryEvent, messageId: MessageId): boolean {
  if (event.kind === "shown") return event.item.messageId === messageId;
  return (event.kind === "answer" || event.kind === "ack") && event.messageId === messageId;
}

function checkOne(facts: Facts, stored: StoredMessage, changes: readonly Change[], window: Window): Violation[] {
  const lasting = changes.filter(({ index }) => !facts.isWiped(index));
  const before = lasting.filter(({ index }) => index < window.from).at(-1)?.event as EventOf<ChangeKind> | undefined;
  const isDisturbed = changes.some(({ index }) => index > window.from && index < window.to);
  if (before === undefined || isDisturbed) return [];
  const has = stored.holders.has(before.userId);
  const { operation } = stored;
  if (before.kind === "removed" && has) {
    return [{ class: "leaked", operation, text: `composed after ${before.userId} was removed, and delivered to them` }];
  }
  if (before.kind === "added" && !has) {
    return [{ class: "torn", operation, text: `composed after ${before.userId} was added, and not delivered to them` }];
  }
  return [];
}
