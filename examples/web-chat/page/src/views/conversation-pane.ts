import type { Chat } from "../chat.js";
import { keyOf } from "../model.js";
import { shrinkPicture } from "../picture.js";
import type { ChatState } from "../state/chat-state.js";
import type { Conversation } from "../state/conversation.js";
import { avatar } from "./avatar.js";
import { endText } from "./banner.js";
import { Composer } from "./composer.js";
import { element, setText } from "./element.js";
import { showGroupDetails } from "./group-details.js";
import { iconButton } from "./icon-button.js";
import type { View } from "./keyed-list.js";
import { showPicture } from "./picture-dialog.js";
import { rowsOf } from "./rows.js";
import { type BeforeRows, Timeline } from "./timeline.js";

/** What the pane needs of the page. */
export interface PaneActions {
  readonly back: () => void;
  /** Something did not work. */
  readonly failed: (text: string) => void;
}

/** The open conversation: its head, its messages, and where the next one is written. */
export class ConversationPane implements View<ChatState> {
  readonly node: HTMLElement;
  readonly #chat: Chat;
  readonly #actions: PaneActions;
  readonly #face = element("span", { class: "pane__face" });
  readonly #title = element("h2", { id: "pane-title", tabindex: -1 });
  readonly #details = iconButton("info", "Group details", () => void this.#showDetails());
  readonly #closed = element("p", { class: "pane__closed" });
  readonly #timeline: Timeline;
  readonly #composer: Composer;
  readonly #drafts = new Map<string, string>();
  #shown: Conversation | null = null;
  #shownTitle: string | null = null;

  constructor(chat: Chat, actions: PaneActions) {
    this.#chat = chat;
    this.#actions = actions;
    this.#timeline = new Timeline(
      {
        retry: (clientId) => this.#decide(() => void chat.retry(clientId)),
        discard: (clientId) => this.#decide(() => chat.discard(clientId)),
        enlarge: showPicture,
      },
      () => this.#shown !== null && void chat.loadOlder(this.#shown),
    );
    this.#composer = new Composer({
      sendText: (text) => void this.#sendText(text),
      sendPicture: (file) => void this.#sendPicture(file),
      failed: actions.failed,
    });
    const back = iconButton("back", "Back", actions.back);
    back.classList.add("pane__back");
    const head = element("header", { class: "pane__head" }, back, this.#face, this.#title, this.#details);
    const parts = [head, this.#timeline.node, this.#closed, this.#composer.node];
    this.node = element("section", { class: "pane", "aria-labelledby": "pane-title" }, ...parts);
  }

  update(state: ChatState): void {
    const { open } = state;
    this.node.hidden = open === null;
    if (open === null) return this.#leave();
    if (this.#timeline.isAtEnd && open === this.#shown) state.trimOpen();
    const isOther = open !== this.#shown;
    if (isOther) this.#enter(open);
    this.#showHead(state, open);
    const key = keyOf(open.address);
    this.#timeline.update({ key, rows: rowsOf(state, open, Date.now()), before: beforeOf(open) });
    const closedText = whyClosed(state, open);
    this.#closed.hidden = closedText === null;
    setText(this.#closed, closedText ?? "");
    this.#composer.node.hidden = closedText !== null;
    if (isOther) this.#focus();
  }

  /** Gives back what the messages hold. */
  remove(): void {
    this.#timeline.remove();
  }

  #leave(): void {
    if (this.#shown !== null) this.#drafts.set(keyOf(this.#shown.address), this.#composer.draft);
    this.#shown = null;
  }

  #enter(conversation: Conversation): void {
    this.#leave();
    this.#shown = conversation;
    this.#shownTitle = null;
    this.#composer.draft = this.#drafts.get(keyOf(conversation.address)) ?? "";
  }

  #showHead(state: ChatState, conversation: Conversation): void {
    const title = state.titleOf(conversation);
    const { kind, id } = conversation.address;
    this.#details.hidden = kind !== "group" || !conversation.isOpen;
    if (title === this.#shownTitle) return;
    this.#shownTitle = title;
    setText(this.#title, title);
    this.#face.replaceChildren(avatar(kind, id, title));
  }

  /** A keyboard that covers half of a phone comes only when it is asked for. */
  #focus(): void {
    if (matchMedia("(pointer: coarse)").matches || this.#composer.node.hidden) this.#title.focus();
    else this.#composer.focus();
  }

  async #sendText(text: string): Promise<void> {
    if (this.#shown === null) return;
    const conversation = this.#shown;
    this.#timeline.followEnd();
    if (!(await this.#chat.sendText(conversation.address, text))) this.#giveBack(conversation, text);
  }

  /** A text that could not be kept comes back to where it was written, unless something new stands there. */
  #giveBack(conversation: Conversation, text: string): void {
    const key = keyOf(conversation.address);
    if (this.#shown === conversation) this.#composer.draft ||= text;
    else this.#drafts.set(key, this.#drafts.get(key) || text);
  }

  /** The button that was pressed is gone then: the focus goes to where the next message is written. */
  #decide(act: () => void): void {
    act();
    this.#focus();
  }

  async #sendPicture(file: Blob): Promise<void> {
    if (this.#shown === null) return;
    const { address } = this.#shown;
    try {
      const content = await shrinkPicture(file);
      this.#timeline.followEnd();
      await this.#chat.sendPicture(address, content);
    } catch (error) {
      this.#actions.failed((error as Error).message);
    }
  }

  async #showDetails(): Promise<void> {
    if (this.#shown === null) return;
    await showGroupDetails(this.#chat, this.#shown).catch((error: Error) => this.#actions.failed(error.message));
  }
}

function beforeOf({ hasOlder, older, address }: Conversation): BeforeRows {
  if (!hasOlder || address.id === "") return "nothing";
  return older === "idle" ? "more" : older;
}

/** Why nothing can be written here; `null` when it can. */
function whyClosed({ connection }: ChatState, { isOpen, address }: Conversation): string | null {
  if (address.id === "") return "Nobody reads answers to announcements.";
  if (!isOpen) return "You are not in this group any more.";
  return connection.name === "closed" ? endText(connection) : null;
}
