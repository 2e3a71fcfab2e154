import {
  createImClient,
  type ImClient,
  type ImError,
  type ImMessage,
  indexedDbStore,
  isImError,
  type SentEvent,
} from "shyim/client";
import { Directory } from "./directory.js";
import type { Address, Api, Member } from "./net/api.js";
import type { ChatState } from "./state/chat-state.js";
import { type Conversation, keyOf, parseKey } from "./state/conversation.js";
import { noticeIn } from "./state/notice.js";
import { addressOf } from "./state/outgoing.js";
import { Signal } from "./state/signal.js";

/** The server's limit for one message, bytes; see server.ts. */
const MAX_CONTENT_BYTES = 131_072;
/** Two tabs of one user would write into one store; the second waits for the first. */
const OPEN_ELSEWHERE = "Your chat is open in another tab. It goes on here when that tab is closed.";

/** What the chat tells besides its state. */
export interface ChatEvents {
  /** Somebody else has written while the user is here. */
  readonly arrived: (message: ImMessage) => void;
  /** Something did not work, as a sentence. */
  readonly failed: (text: string) => void;
  /** The token is not accepted any more. */
  readonly signedOut: () => void;
}

/** What the user can do. Joins the client SDK and the HTTP API, and keeps the state. */
export class Chat {
  readonly state: ChatState;
  readonly changed = new Signal();
  readonly #api: Api;
  readonly #events: ChatEvents;
  readonly #directory: Directory;
  /** Refusals that are shown beside their message. */
  readonly #shown = new WeakSet<object>();
  #im: ImClient;

  constructor(state: ChatState, api: Api, events: ChatEvents) {
    this.state = state;
    this.#api = api;
    this.#events = events;
    this.#directory = new Directory(state, api, this.changed, events.signedOut);
    this.#im = this.#connect();
    void this.#load();
  }

  /** Shows a conversation, or with `null` the list alone. */
  open(key: string | null): void {
    this.state.open?.trim();
    const address = key === null ? null : parseKey(key);
    this.state.unreadFrom = null;
    this.state.openKey = address === null ? null : key;
    if (address !== null) this.#enter(this.state.conversation(address));
    this.changed.tell();
  }

  /** The user looks at the open conversation. */
  seen(): void {
    const { open } = this.state;
    if (open === null || document.visibilityState !== "visible" || open.unread === 0) return;
    this.#update(() => this.state.markRead(open));
  }

  /** Gets the messages before the first one here. */
  loadOlder(conversation: Conversation): Promise<void> {
    return this.#directory.loadOlder(conversation);
  }

  /** Resolves when the message is stored, or with false when it could not even be kept here. */
  sendText(address: Address, text: string): Promise<boolean> {
    return this.#send({ to: recipientOf(address), text });
  }

  /** Like {@link sendText}. @param content a file of {@link MAX_CONTENT_BYTES} at most */
  sendPicture(address: Address, content: Uint8Array): Promise<boolean> {
    return this.#send({ to: recipientOf(address), type: "picture", content });
  }

  /** Writes a refused message again. */
  retry(clientId: number): void {
    const message = this.state.outgoing.take(clientId);
    if (message === undefined) return;
    const { to, type, content, text } = message;
    void this.#send(text === undefined ? { to, type, content } : { to, text });
    this.changed.tell();
  }

  /** Gives a refused message up. */
  discard(clientId: number): void {
    this.#update(() => this.state.outgoing.take(clientId));
  }

  /** Becomes friends with whoever has this number; resolves with the conversation's key. Rejects with `ApiError`. */
  async addContact(phoneNumber: string): Promise<string> {
    const friend = await this.#api.addFriend(phoneNumber);
    await this.#directory.loadFriends();
    return keyOf({ kind: "single", id: friend.userId });
  }

  /** Resolves with the conversation's key. Rejects with `ApiError`. */
  async createGroup(name: string, userIds: readonly string[]): Promise<string> {
    const id = await this.#api.createGroup(name, userIds);
    await this.#directory.loadGroups();
    return keyOf({ kind: "group", id });
  }

  /** Rejects with `ApiError`. */
  members(groupId: string): Promise<readonly Member[]> {
    return this.#api.members(groupId);
  }

  /** Rejects with `ApiError`. */
  addMembers(groupId: string, userIds: readonly string[]): Promise<void> {
    return this.#api.addMembers(groupId, userIds);
  }

  /** Rejects with `ApiError`. */
  leave(groupId: string): Promise<void> {
    return this.#api.leave(groupId);
  }

  /** Comes back after another device has taken the place of this one. */
  reconnect(): void {
    this.#update(() => {
      this.#im = this.#connect();
    });
  }

  /** What waits stays in this browser and goes out when the user is back. */
  close(): Promise<void> {
    return this.#im.close();
  }

  #connect(): ImClient {
    const { me, outgoing } = this.state;
    const im = createImClient({
      url: `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/ws`,
      token: me.token,
      store: indexedDbStore(`shyim-chat-${me.userId}`),
      maxContentBytes: MAX_CONTENT_BYTES,
    });
    im.on("message", (message) => this.#received(message));
    im.on("state", () => this.#stateChanged(im));
    im.on("outbox", (outbox) => this.#update(() => outgoing.outboxChanged(outbox)));
    im.on("sent", (event) => this.#update(() => this.#sent(event)));
    im.on("refused", (event) => {
      this.#shown.add(event.error);
      this.#update(() => outgoing.refused(event));
    });
    im.on("error", (error) => this.#update(() => this.#failed(error)));
    // If it is over for good, the state says so.
    im.connect().catch(() => {});
    return im;
  }

  #update(change: () => unknown): void {
    change();
    this.changed.tell();
  }

  async #load(): Promise<void> {
    await this.#directory.load();
    if (this.state.connection.name === "online") this.state.settleMarks();
    this.seen();
  }

  #enter(conversation: Conversation): void {
    if (conversation.unread > 0) this.state.unreadFrom = conversation.readUpTo;
    this.seen();
    void this.#directory.fill(conversation);
    if (conversation.address.kind === "group") void this.#directory.meet(conversation);
  }

  #received(message: ImMessage): void {
    const { conversation: address, own, senderId } = message;
    this.state.received(message);
    if (this.state.openKey === keyOf(address)) this.seen();
    if (!own && this.state.connection.name === "online") this.#events.arrived(message);
    if (senderId !== null && !this.state.isKnown(senderId)) {
      void this.#directory.meet(this.state.conversation(address));
    }
    if (noticeIn(message) !== null) void this.#directory.groupsChanged();
    this.changed.tell();
  }

  /** The client goes on by itself; what keeps it from doing so is said. */
  #failed(error: ImError): void {
    if (error.code === "busy") this.state.storeTrouble = OPEN_ELSEWHERE;
    else if (error.code === "store_failed") this.state.storeTrouble = `Messages cannot be kept here: ${error.message}.`;
    else console.error(error);
  }

  #stateChanged(im: ImClient): void {
    if (im !== this.#im) return;
    this.state.connection = im.state;
    if (im.state.name === "syncing" || im.state.name === "online") this.state.storeTrouble = null;
    if (im.state.name === "online") this.#isOnline();
    if (im.state.name === "closed" && im.state.error.code === "unauthenticated") this.#events.signedOut();
    this.changed.tell();
  }

  /** What could not be had before is asked for again. */
  #isOnline(): void {
    const { isLoaded, open } = this.state;
    if (!isLoaded) void this.#load();
    else this.state.settleMarks();
    if (open !== null) void this.#directory.fill(open);
  }

  #sent(event: SentEvent): void {
    const { outgoing } = this.state;
    outgoing.sent(event);
    // From the history it may be in its place already.
    if (this.state.conversation(addressOf(event.to)).has(event.messageId)) outgoing.arrived(event.messageId);
  }

  async #send(request: Parameters<ImClient["send"]>[0]): Promise<boolean> {
    this.state.unreadFrom = null;
    try {
      await this.#im.send(request);
      return true;
    } catch (error) {
      // Of a client that was closed meanwhile the message stays in the store, and the next client sends it.
      const isKept = isImError(error) && (this.#shown.has(error) || error.code === "closed");
      if (!isKept) this.#events.failed(`Not sent: ${(error as ImError).message}.`);
      return isKept;
    }
  }
}

function recipientOf({ kind, id }: Address): { userId: string } | { groupId: string } {
  return kind === "group" ? { groupId: id } : { userId: id };
}
