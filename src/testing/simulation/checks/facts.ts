import { messageText } from "../../../core/message-type.js";
import { conversationKey, type Message, type MessageId, type Seq, type UserId } from "../../../core/model.js";
import {
  type DeviceId,
  type FinalState,
  type HistoryEvent,
  type OperationId,
  operationOfMessage,
  type ShownItem,
  type Stay,
} from "../history.js";

/** An event of one kind. */
export type EventOf<Kind extends HistoryEvent["kind"]> = HistoryEvent & { readonly kind: Kind };

/** An event and its place in the history. */
export interface Placed<Kind extends HistoryEvent["kind"]> {
  readonly index: number;
  readonly event: EventOf<Kind>;
}

/** A message that is stored in the end, with the place it has in each inbox. */
export interface StoredMessage {
  readonly message: Message;
  readonly operation: OperationId;
  readonly conversation: string;
  readonly holders: ReadonlyMap<UserId, Seq>;
  /** False when it came with the backup, true when it was committed after the restore (or there was none). */
  readonly isOfLastEpoch: boolean;
}

/** All that one device ever did with its screen, one start of the application after the other. */
export interface DeviceFacts {
  readonly device: DeviceId;
  readonly userId: UserId;
  readonly author: EventOf<"opened">["author"];
  readonly starts: readonly { readonly saved: readonly ShownItem[]; readonly shown: Placed<"shown">[] }[];
}

/** The history and the final storage, sorted so that each rule can ask. */
export interface Facts {
  readonly events: readonly HistoryEvent[];
  readonly final: FinalState;
  readonly invoked: ReadonlyMap<OperationId, Placed<"invoke">>;
  readonly stored: ReadonlyMap<MessageId, StoredMessage>;
  readonly storedBy: ReadonlyMap<OperationId, readonly StoredMessage[]>;
  readonly devices: readonly DeviceFacts[];
  /** Place of the last restore; -1 without one. */
  readonly restoredAt: number;
  /** Between the last backup and its restore: what was done then is undone. */
  isWiped(index: number): boolean;
}

/** Sorts a history. */
export function gatherFacts(events: readonly HistoryEvent[], final: FinalState): Facts {
  const stored = gatherStored(final);
  const storedBy = groupBy([...stored.values()], (one) => one.operation);
  const restoredAt = placed(events, "restored").at(-1)?.index ?? -1;
  const copiedAt = placed(events.slice(0, Math.max(0, restoredAt)), "copied").at(-1)?.index ?? -1;
  return {
    events,
    final,
    stored,
    storedBy,
    invoked: new Map(placed(events, "invoke").map((one) => [one.event.operation, one])),
    devices: gatherDevices(events),
    restoredAt,
    isWiped: (index) => index > copiedAt && index < restoredAt,
  };
}

/** All events of one kind, with their places. */
export function placed<Kind extends HistoryEvent["kind"]>(
  events: readonly HistoryEvent[],
  kind: Kind,
): readonly Placed<Kind>[] {
  const found: Placed<Kind>[] = [];
  events.forEach((event, index) => {
    if (event.kind === kind) found.push({ index, event: event as EventOf<Kind> });
  });
  return found;
}

/** Does the stay include this place of the conversation? */
export function isPresent({ joinedSeq, leftSeq }: Stay, conversationSeq: number): boolean {
  return joinedSeq < conversationSeq && (leftSeq === null || conversationSeq <= leftSeq);
}

/** Lists by key, keys in the order they first came. */
export function groupBy<Item, Key>(items: Iterable<Item>, keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

function gatherStored(final: FinalState): Map<MessageId, StoredMessage> {
  const stored = new Map<MessageId, StoredMessage & { readonly holders: Map<UserId, Seq> }>();
  for (const [userId, items] of final.inboxes) {
    const base = final.baseSeqs.get(userId) ?? 0;
    for (const { seq, message } of items) {
      const known = stored.get(message.messageId);
      if (known !== undefined) known.holders.set(userId, seq);
      else stored.set(message.messageId, { ...describeStored(message, seq > base), holders: new Map([[userId, seq]]) });
    }
  }
  return stored;
}

function describeStored(message: Message, isOfLastEpoch: boolean): Omit<StoredMessage, "holders"> {
  const operation = operationOfMessage(message.messageId, messageText(message.type, message.content));
  return { message, operation, conversation: conversationKey(message.senderId, message.target), isOfLastEpoch };
}

function gatherDevices(events: readonly HistoryEvent[]): DeviceFacts[] {
  const devices = new Map<DeviceId, DeviceFacts & { readonly starts: DeviceFacts["starts"][number][] }>();
  events.forEach((event, index) => {
    if (event.kind === "opened") {
      const { device, userId, author, saved } = event;
      const known = devices.get(device) ?? { device, userId, author, starts: [] };
      known.starts.push({ saved, shown: [] });
      devices.set(device, known);
    }
    if (event.kind === "shown") devices.get(event.device)?.starts.at(-1)?.shown.push({ index, event });
  });
  return [...devices.values()];
}
