import type { Storage } from "../../src/adapters/contracts/index.js";
import type { InboxItem } from "../../src/core/model.js";
import type { Letter } from "./writer.js";

/** Every inbox, read from its beginning. */
export type Inboxes = ReadonlyMap<string, readonly InboxItem[]>;

const PAGE = { maxItems: 1_000, maxBytes: 1_000_000 };

/** Reads the whole inbox of each of `userIds`. */
export async function readInboxes(storage: Storage, userIds: readonly string[]): Promise<Inboxes> {
  const inboxes = new Map<string, InboxItem[]>();
  for (const userId of userIds) inboxes.set(userId, await readWhole(storage, userId));
  return inboxes;
}

async function readWhole(storage: Storage, userId: string): Promise<InboxItem[]> {
  const items: InboxItem[] = [];
  for (;;) {
    const page = await storage.messages.readInbox(userId, items.length, PAGE);
    items.push(...page.items);
    if (items.length >= page.headSeq || page.items.length === 0) return items;
  }
}

/** Who should have a letter; `everybody` is in every group. */
export function audienceOf({ from, to }: Letter, everybody: readonly string[]): readonly string[] {
  return "groupId" in to ? everybody : [...new Set([from, to.userId])];
}

/** Ids of the letters that should be in `userId`'s inbox, sorted. */
export function idsFor(userId: string, letters: readonly Letter[], everybody: readonly string[]): string[] {
  const own = letters.filter((letter) => audienceOf(letter, everybody).includes(userId));
  return own.map(({ messageId }) => messageId).sort();
}

/** Letters that are not what their sender was told: at that place of the sender's inbox, under that id, word for word. */
export function changedLetters(letters: readonly Letter[], inboxes: Inboxes): Letter[] {
  return letters.filter(({ from, seq, messageId, text }) => {
    const item = inboxes.get(from)?.[seq - 1];
    return item?.seq !== seq || item.message.messageId !== messageId || textOf(item) !== text;
  });
}

/** The text of a text message. */
export function textOf({ message }: InboxItem): string {
  return Buffer.from(message.content).toString();
}

/** Conversations in which the letters of `name` stand in another order than the one in which they were written. */
export function reordered(name: string, inbox: readonly InboxItem[]): string[] {
  const last = new Map<string, number>();
  const wrong = new Set<string>();
  for (const item of inbox) {
    const [writer, number] = textOf(item).split(" ");
    if (writer !== name) continue;
    const { kind, id } = item.message.target;
    if (Number(number) <= (last.get(`${kind} ${id}`) ?? 0)) wrong.add(`${kind} ${id}`);
    last.set(`${kind} ${id}`, Number(number));
  }
  return [...wrong];
}
