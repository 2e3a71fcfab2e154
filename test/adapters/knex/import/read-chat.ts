import type { KnexStorage } from "../../../../src/adapters/knex/index.js";
import { decodeText } from "../../../../src/core/bytes.js";
import type { Message, UserId } from "../../../../src/core/model.js";
import type { ImportPlace } from "./import-place.js";

const WHOLE = { maxItems: 100_000, maxBytes: 100_000_000 };

/** A chat as its storage gives it to a server. */
export interface ReadChat {
  readonly users: readonly string[];
  readonly friends: readonly string[];
  readonly groups: readonly string[];
  /** Each item as `seq conversation@position: content`. */
  readonly inboxes: Readonly<Record<string, readonly string[]>>;
}

/** Reads the chat of these users and groups through the storage. */
export async function readChat(
  target: ImportPlace,
  userIds: readonly string[],
  groupIds: readonly string[],
): Promise<ReadChat> {
  const storage = target.storage();
  await storage.start();
  try {
    return {
      users: await readUsers(storage, userIds),
      friends: await readFriends(storage, userIds),
      groups: (await Promise.all(groupIds.map((id) => readGroup(storage, id)))).flat(),
      inboxes: Object.fromEntries(await Promise.all(userIds.map(async (id) => [id, await readItems(storage, id)]))),
    };
  } finally {
    await storage.close();
  }
}

async function readUsers(storage: KnexStorage, userIds: readonly string[]): Promise<string[]> {
  const users = await storage.users.findMany(userIds);
  return [...users.values()]
    .map(({ id, phoneNumber, nickname, passwordHash }) => `${id} ${phoneNumber} "${nickname}" ${passwordHash}`)
    .sort();
}

async function readFriends(storage: KnexStorage, userIds: readonly string[]): Promise<string[]> {
  const lists = await Promise.all(userIds.map(async (id) => `${id}: ${(await storage.friends.list(id)).join(" ")}`));
  return lists.filter((line) => !line.endsWith(": "));
}

async function readGroup(storage: KnexStorage, groupId: string): Promise<string[]> {
  const group = await storage.groups.find(groupId);
  if (group === null) return [`${groupId} is not there`];
  const stays = await storage.groups.memberships(groupId);
  return [
    `${groupId} "${group.name}" of ${group.ownerId}`,
    ...stays.map(({ userId, role, joinedSeq, leftSeq }) => `  ${userId} ${role} ${joinedSeq}–${leftSeq ?? ""}`),
  ];
}

async function readItems(storage: KnexStorage, userId: UserId): Promise<string[]> {
  const { items, headSeq } = await storage.messages.readInbox(userId, 0, WHOLE);
  return [...items.map(({ seq, message }) => `${seq} ${lineOf(message)}`), `head ${headSeq}`];
}

function lineOf({ senderId, target, conversationSeq, content, serverTime }: Message): string {
  const at = new Date(serverTime).toISOString().slice(11, 19);
  return `${senderId} → ${target.kind} ${target.id} @${conversationSeq} ${at}: ${decodeText(content)}`;
}

/** Ids of every inbox, in its order. */
export async function readInboxIds(storage: KnexStorage, userId: UserId): Promise<string[]> {
  const { items, headSeq } = await storage.messages.readInbox(userId, 0, WHOLE);
  if (items.length !== headSeq)
    throw new Error(`the inbox of ${userId} ends at ${items.length}, its head is ${headSeq}`);
  return items.map(({ message }) => message.messageId);
}

/** Ids of what somebody may see of a conversation, oldest first. */
export async function readHistoryIds(
  storage: KnexStorage,
  viewer: UserId,
  target: Message["target"],
): Promise<string[]> {
  const { messages } = await storage.messages.readConversation(viewer, target, 0, WHOLE);
  return messages.map(({ messageId }) => messageId);
}
