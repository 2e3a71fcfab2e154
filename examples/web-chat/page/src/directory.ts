import { keyOf } from "./model.js";
import type { Api } from "./net/api.js";
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
  /** Whom nobody here has a name for, by who was asked about them: nobody is asked about twice. */
  readonly #asked = new Set<string>();
  #loading: Promise<void> | null = null;

  constructor(state: ChatState, api: Api, changed: Signal) {
    this.#state = state;
    this.#api = api;
    this.#changed = changed;
  }

  /** People, groups, and the newest message of each conversation. Once at a time, and again whenever it is asked for. */
  load(): Promise<void> {
    this.#loading ??= this.#load().finally(() => {
      this.#loading = null;
      this.#changed.tell();
    });
    return this.#loading;
  }

  /** Rejects with `ApiError`. */
  async loadFriends(): Promise<void> {
    this.#state.setFriends(await this.#api.friends());
    this.#changed.tell();
  }

  /** Rejects with `ApiError`. */
  async loadGroups(): Promise<void> {
    this.#state.setGroups(await this.#api.groups());
    this.#changed.tell();
  }

  /** Somebody has written whose name may not be known here: a new friend, or a member of a group. */
  async meet(userId: string, { address }: Conversation): Promise<void> {
    const question = `${userId} in ${keyOf(address)}`;
    if (this.#state.isKnown(userId) || this.#asked.has(question)) return;
    this.#asked.add(question);
    await quietly(() => (address.kind === "group" ? this.meetMembers(address.id) : this.loadFriends()));
  }

  /** Learns the names of who is in a group. Rejects with `ApiError`. */
  async meetMembers(groupId: string): Promise<void> {
    this.#state.meet(await this.#api.members(groupId));
    this.#changed.tell();
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
    conversation.older = (await quietly(() => this.#getOlder(conversation))) ? "idle" : "failed";
    this.#changed.tell();
  }

  async #load(): Promise<void> {
    const isFine = await quietly(() => Promise.all([this.loadFriends(), this.loadGroups()]));
    // Lists that were there once stay, also when they could not be had again.
    if (isFine) this.#state.lists = "ready";
    else if (this.#state.lists === "loading") this.#state.lists = "failed";
    this.#changed.tell();
    const unseen = this.#state.conversations().filter(({ latest, address }) => !latest && address.id !== "");
    const next = unseen.values();
    await Promise.all(Array.from({ length: PEEKS_AT_ONCE }, () => this.#peek(next)));
    await this.#meetAuthors();
  }

  /** The list says by whom the newest messages are. */
  async #meetAuthors(): Promise<void> {
    const conversations = this.#state.conversations().filter(({ latest }) => latest && latest.senderId !== null);
    await Promise.all(conversations.map((one) => this.meet(one.latest?.senderId ?? "", one)));
  }

  /** What could not be had is asked for with the next load. */
  async #peek(conversations: Iterator<Conversation>): Promise<void> {
    for (let next = conversations.next(); !next.done; next = conversations.next()) {
      const conversation = next.value;
      await quietly(async () => {
        const { messages, hasMore } = await this.#api.history(conversation.address, 1, null);
        this.#state.caughtUp(conversation, messages, hasMore);
      });
      this.#changed.tell();
    }
  }

  async #getOlder(conversation: Conversation): Promise<void> {
    const { address, oldestSeq } = conversation;
    const { messages, hasMore } = await this.#api.history(address, PAGE, oldestSeq);
    // Meanwhile it may have been put away, or have got newer messages from the stream: then this page does not fit any more.
    if (conversation.oldestSeq === oldestSeq) conversation.addOlder(messages, hasMore);
  }
}

/** For what is done on the side: whether it worked. The banner tells of trouble with the connection. */
async function quietly(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch {
    return false;
  }
}
