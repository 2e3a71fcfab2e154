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
import { type Address, addressOf, keyOf, type Member, recipientOf } from "./model.js";
import type { Api } from "./net/api.js";
import type { ChatState } from "./state/chat-state.js";
import type { Conversation } from "./state/conversation.js";
import { noticeIn } from "./state/notice.js";
import type { OutgoingMessage } from "./state/outgoing.js";
import { Signal } from "./state/signal.js";

/** The server's limit for one message, bytes; see server.ts. */
const MAX_CONTENT_BYTES = 131_072;
/** Close code of a session that its user, or the application, has ended everywhere. */
const ENDED = 4410;
/** Two tabs of one user would write into one store; the second waits for the first. */
const OPEN_ELSEWHERE = "Your chat is open in another tab. It goes on here when that tab is closed.";

/** What the chat tells besides its state. */
export interface ChatEvents {
  /** Somebody else has written while the user is here. */
  readonly arrived: (message: ImMessage) => void;
  /** A message of the user was refused; it says why where it stands. */
  readonly refused: (message: OutgoingMessage) => void;
  /** Something did not work, as a sentence. */
  readonly failed: (text: string) => void;
  /** The user is signed in no longer. */
  readonly signedOut: () => void;
}

type SendRequest = Parameters<ImClient["send"]>[0];

/** Where the client keeps what must not be lost of a user. */
export function storeName(userId: string): string {
  return `shyim-chat-${userId}`;
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
  #entered: Conversation | null = null;
  #im: ImClient;

  constructor(state: ChatState, api: Api, events: ChatEvents) {
    this.state = state;
    this.#api = api;
    this.#events = events;
    this.#directory = new Directory(state, api, this.changed);
    this.#im = this.#connect();
    void this.load();
  }

  /** Gets the lists of people and groups, and what was said last. */
  async load(): Promise<void> {
    await this.#directory.load();
    if (this.state.connection.name === "online") this.state.settleMarks();
    this.#enter();
  }

  /** Shows a conversation, or with `null` the list alone. */
  open(key: string | null): void {
    this.state.show(key);
    this.#entered = null;
    this.#enter();
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

  /** Writes a refused message again; what cannot be kept stays where it is. */
  async retry(clientId: number): Promise<void> {
    const message = this.state.outgoing.take(clientId);
    if (message === undefined) return;
    this.changed.tell();
    const { to, type, content, text } = message;
    const isKept = await this.#send(text === undefined ? { to, type, content } : { to, text });
    if (!isKept) this.#update(() => this.state.outgoing.giveBack(message));
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
    const { me } = this.state;
    const im = createImClient({
      url: `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/ws`,
      token: me.token,
      store: indexedDbStore(storeName(me.userId)),
      maxContentBytes: MAX_CONTENT_BYTES,
    });
    this.#listen(im);
    // If it is over for good, the state says so.
    im.connect().catch(() => {});
    return im;
  }

  #listen(im: ImClient): void {
    const { outgoing } = this.state;
    im.on("message", (message) => this.#received(message));
    im.on("state", () => this.#stateChanged(im));
    im.on("outbox", (outbox) => im === this.#im && this.#update(() => outgoing.outboxChanged(outbox)));
    im.on("sent", (event) => this.#update(() => this.#sent(event)));
    im.on("refused", (event) => {
      this.#shown.add(event.error);
      this.#update(() => outgoing.refused(event));
      this.#events.refused({ ...event.message, status: "refused", error: event.error });
    });
    im.on("error", (error) => this.#update(() => this.#failed(error)));
  }

  #update(change: () => unknown): void {
    change();
    this.changed.tell();
  }

  /** Once for each opening, as soon as the conversation is there. */
  #enter(): void {
    const { open } = this.state;
    if (open === null) return;
    if (open !== this.#entered) {
      this.#entered = open;
      this.state.unreadFrom = open.unread > 0 ? open.readUpTo : null;
      void this.#directory.fill(open);
      const { kind, id } = open.address;
      if (kind === "group") this.#directory.meetMembers(id).catch(() => {});
    }
    this.seen();
  }

  #received(message: ImMessage): void {
    const { conversation: address, own, senderId } = message;
    this.state.received(message);
    if (this.state.openKey === keyOf(address)) this.#enter();
    if (this.state.connection.name === "online") {
      if (!own) this.#events.arrived(message);
      if (senderId !== null) void this.#directory.meet(senderId, this.state.conversation(address));
      if (noticeIn(message) !== null) this.#directory.loadGroups().catch(() => {});
    }
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
    const { state } = im;
    this.state.connection = state;
    if (state.name === "syncing" || state.name === "online") this.state.storeTrouble = null;
    // What has changed meanwhile, and what could not be had before.
    if (state.name === "online") void this.#isOnline();
    const isEnded = state.name === "closed" && (state.error.code === "unauthenticated" || state.closeCode === ENDED);
    if (isEnded) this.#events.signedOut();
    this.changed.tell();
  }

  async #isOnline(): Promise<void> {
    const { open } = this.state;
    await this.load();
    if (open !== null && open === this.state.open) void this.#directory.fill(open);
  }

  #sent(event: SentEvent): void {
    const { outgoing } = this.state;
    outgoing.sent(event);
    // From the history it may be in its place already.
    if (this.state.conversation(addressOf(event.to)).has(event.messageId)) outgoing.arrived(event.messageId);
  }

  async #send(request: SendRequest): Promise<boolean> {
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
