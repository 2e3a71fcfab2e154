import type { ClientState, ImMessage } from "shyim/client";
import { type Account, type Address, type ChatMessage, type Group, keyOf, type Person } from "../model.js";
import { Conversation } from "./conversation.js";
import { noticeIn } from "./notice.js";
import type { Outgoing } from "./outgoing.js";
import type { ReadMarks } from "./read-marks.js";

/** Most messages kept of a conversation nobody looks at. */
const KEPT_UNSEEN = 100;
/** Most messages kept of the one somebody reads the end of. */
const KEPT_OPEN = 300;

/** Everything the page shows. Changed by the {@link Chat} alone; views read it when they are told that it changed. */
export class ChatState {
  readonly me: Account;
  readonly outgoing: Outgoing;
  connection: ClientState = { name: "offline" };
  /** Why this browser cannot keep what must not be lost, as a sentence; `null` while it can. */
  storeTrouble: string | null = null;
  /** How far the lists of people and groups are. */
  lists: "loading" | "failed" | "ready" = "loading";
  /** Key of the conversation on the screen. */
  openKey: string | null = null;
  /** Position behind which its messages were unread when it was opened; `null` when none were. */
  unreadFrom: number | null = null;
  readonly #marks: ReadMarks;
  readonly #conversations = new Map<string, Conversation>();
  readonly #people = new Map<string, string>();
  #friends: readonly Person[] = [];

  constructor(me: Account, marks: ReadMarks, outgoing: Outgoing) {
    this.me = me;
    this.outgoing = outgoing;
    this.#marks = marks;
    this.#people.set(me.userId, me.nickname);
  }

  get friends(): readonly Person[] {
    return this.#friends;
  }

  get open(): Conversation | null {
    return this.openKey === null ? null : (this.#conversations.get(this.openKey) ?? null);
  }

  /** Shows a conversation instead of the one before. */
  show(key: string | null): void {
    this.open?.trim(KEPT_UNSEEN);
    this.openKey = key;
    this.unreadFrom = null;
  }

  /** Of the open conversation only the newest stay: for when the reader is at its end. */
  trimOpen(): void {
    this.open?.trim(KEPT_OPEN);
  }

  /** How many messages are unread in all. */
  get unread(): number {
    return this.conversations().reduce((sum, { unread }) => sum + unread, 0);
  }

  /** The newest first, those nobody has written in yet at the end. */
  conversations(): readonly Conversation[] {
    return [...this.#conversations.values()].sort(
      (a, b) => this.#activityOf(b) - this.#activityOf(a) || this.titleOf(a).localeCompare(this.titleOf(b)),
    );
  }

  /** The conversation, made when it is new. */
  conversation(address: Address): Conversation {
    const key = keyOf(address);
    const known = this.#conversations.get(key);
    if (known !== undefined) return known;
    const conversation = new Conversation(address, this.#marks.get(key) ?? null);
    this.#conversations.set(key, conversation);
    return conversation;
  }

  titleOf({ name, address }: Conversation): string {
    if (address.kind === "group") return name ?? "Group";
    return address.id === "" ? "Announcements" : this.nameOf(address.id);
  }

  /** A person's nickname. */
  nameOf(userId: string | null): string {
    if (userId === null) return "The system";
    return this.#people.get(userId) ?? `User ${userId}`;
  }

  isKnown(userId: string): boolean {
    return this.#people.has(userId);
  }

  setFriends(friends: readonly Person[]): void {
    this.#friends = [...friends].sort((a, b) => a.nickname.localeCompare(b.nickname));
    this.meet(friends);
    for (const { userId } of friends) this.conversation({ kind: "single", id: userId });
  }

  setGroups(groups: readonly Group[]): void {
    const now = new Map(groups.map(({ id, name }) => [id, name]));
    for (const id of now.keys()) this.conversation({ kind: "group", id });
    for (const conversation of this.#conversations.values()) {
      if (conversation.address.kind !== "group") continue;
      conversation.isOpen = now.has(conversation.address.id);
      conversation.name = now.get(conversation.address.id) ?? conversation.name;
    }
  }

  /** Learns names. */
  meet(people: readonly Person[]): void {
    for (const { userId, nickname } of people) this.#people.set(userId, nickname);
  }

  /** The next message of the inbox. */
  received(message: ImMessage): void {
    const { conversation: address, conversationSeq, own, messageId } = message;
    const conversation = this.conversation(address);
    // The inbox is in order: the first message of a conversation that has no mark is its first unread one.
    if (conversation.readUpTo === null && !this.#marks.isNew) this.#mark(conversation, conversationSeq - 1);
    conversation.add([message]);
    if (this.openKey !== keyOf(address)) conversation.trim(KEPT_UNSEEN);
    this.outgoing.arrived(messageId);
    if (own || noticeIn(message)?.by === this.me.userId) this.markRead(conversation);
    this.#obey(conversation, message);
  }

  /** The newest stretch of a conversation from the server's history. */
  caughtUp(conversation: Conversation, messages: readonly ChatMessage[], hasMore: boolean): void {
    const oldest = conversation.oldestSeq;
    conversation.add(messages);
    if (oldest === null || conversation.oldestSeq !== oldest) conversation.hasOlder = hasMore;
    for (const { messageId } of messages) this.outgoing.arrived(messageId);
  }

  /** Everything in the conversation was seen. */
  markRead(conversation: Conversation): void {
    const latest = conversation.latest?.conversationSeq;
    if (latest === undefined || latest <= (conversation.readUpTo ?? 0)) return;
    this.#mark(conversation, latest);
  }

  /** The first time in this browser, what came before counts as read: nobody knows what was read elsewhere. */
  settleMarks(): void {
    if (!this.#marks.isNew) return;
    for (const conversation of this.#conversations.values()) this.markRead(conversation);
    this.#marks.keep();
  }

  #mark(conversation: Conversation, readUpTo: number): void {
    conversation.readUpTo = readUpTo;
    this.#marks.save(keyOf(conversation.address), readUpTo);
  }

  #activityOf(conversation: Conversation): number {
    return Math.max(conversation.latest?.sentAt ?? 0, this.outgoing.latestOf(keyOf(conversation.address)));
  }

  /** What a notice says about a group is so from now on. */
  #obey(conversation: Conversation, message: ChatMessage): void {
    const notice = noticeIn(message);
    if (notice === null) return;
    if (notice.name !== undefined) conversation.name = notice.name;
    const concernsMe = notice.userIds.includes(this.me.userId);
    if (notice.kind === "removed" || notice.kind === "left") conversation.isOpen &&= !concernsMe;
    if (notice.kind === "created" || notice.kind === "added") conversation.isOpen ||= concernsMe;
  }
}
