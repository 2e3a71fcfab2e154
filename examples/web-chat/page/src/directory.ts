import { type Api, ApiError } from "./net/api.js";
import type { ChatState } from "./state/chat-state.js";
import type { Conversation } from "./state/conversation.js";
import type { Signal } from "./state/signal.js";

/** Messages of one page of the history. */
const PAGE = 40;
/** Conversations whose newest message is asked for at once. */
const PEEKS_AT_ONCE = 6;

/** Gets what the client's stream does not bring, over the HTTP API, into the state: who there is, and what was said before. */
export class Directory {
  readonly #state: ChatState;
  readonly #api: Api;
  readonly #changed: Signal;
  readonly #signedOut: () => void;

  constructor(state: ChatState, api: Api, changed: Signal, signedOut: () => void) {
    this.#state = state;
    this.#api = api;
    this.#changed = changed;
    this.#signedOut = signedOut;
  }

  /** People, groups, and the newest message of each conversation. Until it has worked once, `isLoaded` is false. */
  async load(): Promise<void> {
    await this.#quietly(async () => {
      await Promise.all([this.loadFriends(), this.loadGroups()]);
      this.#state.isLoaded = true;
      const unseen = this.#state
        .conversations()
        .filter(({ latest, address }) => latest === undefined && address.id !== "");
      const next = unseen.values();
      await Promise.all(Array.from({ length: PEEKS_AT_ONCE }, () => this.#peek(next)));
    });
  }

  /** Rejects with {@link ApiError}. */
  async loadFriends(): Promise<void> {
    this.#state.setFriends(await this.#api.friends());
    this.#changed.tell();
  }

  /** Rejects with {@link ApiError}. */
  async loadGroups(): Promise<void> {
    this.#state.setGroups(await this.#api.groups());
    this.#changed.tell();
  }

  /** Somebody wrote whose name is not known here: a new friend, or a member of a group. */
  async meet({ address }: Conversation): Promise<void> {
    await this.#quietly(() => (address.kind === "group" ? this.#meetMembers(address.id) : this.loadFriends()));
  }

  /** A group has changed. */
  async groupsChanged(): Promise<void> {
    await this.#quietly(() => this.loadGroups());
  }

  /** The messages before the first one here, until a page is filled. */
  async fill(conversation: Conversation): Promise<void> {
    if (conversation.messages.length < PAGE) await this.loadOlder(conversation);
  }

  /** The messages before the first one here; harmless while it is under way, and when there are none. */
  async loadOlder(conversation: Conversation): Promise<void> {
    if (!conversation.hasOlder || conversation.older === "loading" || conversation.address.id === "") return;
    conversation.older = "loading";
    this.#changed.tell();
    conversation.older = (await this.#quietly(() => this.#getOlder(conversation))) ? "idle" : "failed";
    this.#changed.tell();
  }

  async #getOlder(conversation: Conversation): Promise<void> {
    const { address, oldestSeq } = conversation;
    const { messages, hasMore } = await this.#api.history(address, PAGE, oldestSeq);
    // Meanwhile it may have been put away, or have got newer messages from the stream: then this page does not fit any more.
    if (conversation.oldestSeq === oldestSeq) conversation.addOlder(messages, hasMore);
  }

  async #peek(conversations: Iterator<Conversation>): Promise<void> {
    for (let next = conversations.next(); !next.done; next = conversations.next()) {
      const { messages, hasMore } = await this.#api.history(next.value.address, 1, null);
      this.#state.caughtUp(next.value, messages, hasMore);
      this.#changed.tell();
    }
  }

  async #meetMembers(groupId: string): Promise<void> {
    this.#state.meet(await this.#api.members(groupId));
    this.#changed.tell();
  }

  /** For what is done on the side: whether it worked. The banner tells of trouble with the connection; it is asked for again. */
  async #quietly(call: () => Promise<void>): Promise<boolean> {
    try {
      await call();
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) this.#signedOut();
      return false;
    }
  }
}
