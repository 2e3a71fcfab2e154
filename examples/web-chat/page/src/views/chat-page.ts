import type { Chat } from "../chat.js";
import { avatar } from "./avatar.js";
import { banner } from "./banner.js";
import { showContactDialog } from "./contact-dialog.js";
import { conversationList } from "./conversation-list.js";
import { ConversationPane } from "./conversation-pane.js";
import { element, setText } from "./element.js";
import { showGroupDialog } from "./group-dialog.js";
import { iconButton } from "./icon-button.js";
import { showSignOutDialog } from "./sign-out-dialog.js";
import type { Toasts } from "./toast.js";

/** What the page needs from outside. */
export interface ChatPageActions {
  /** Shows a conversation, or the list; the address line follows. */
  readonly navigate: (key: string | null) => void;
  readonly signOut: () => void;
}

/** The chat: the list, the open conversation beside it (on a phone in its place), and above all the banner. */
export class ChatPage {
  readonly node: HTMLElement;
  readonly #chat: Chat;
  readonly #views: readonly { update(state: Chat["state"]): void }[];
  readonly #stop: () => void;
  readonly #pane: ConversationPane;
  readonly #nothing = element("p", { class: "nothing" });
  #wasOpen = false;

  constructor(chat: Chat, toasts: Toasts, actions: ChatPageActions) {
    this.#chat = chat;
    const { navigate } = actions;
    const bar = banner({ reconnect: () => chat.reconnect() });
    const list = conversationList({
      open: navigate,
      begin: () => showContactDialog(chat, navigate),
      load: () => void chat.load(),
    });
    this.#pane = new ConversationPane(chat, {
      back: () => navigate(null),
      failed: (text) => toasts.show(text),
    });
    const listPane = element("div", { class: "list-pane" }, listHead(chat, actions), list.node);
    const panes = element("main", { class: "panes" }, listPane, this.#pane.node, this.#nothing);
    this.node = element("div", { class: "chat" }, bar.node, panes, toasts.node);
    this.#views = [bar, list, this.#pane];
    this.#stop = chat.changed.listen(() => this.#update());
    this.#update();
  }

  /** The page is shown no longer. */
  remove(): void {
    this.#stop();
    this.#pane.remove();
    this.node.remove();
  }

  #update(): void {
    const { state } = this.#chat;
    for (const view of this.#views) view.update(state);
    const isOpen = state.open !== null;
    this.node.classList.toggle("chat--open", isOpen);
    setText(this.#nothing, nothingText(state));
    // Back on the list of a phone, the focus is where it came from.
    if (this.#wasOpen && !isOpen) this.node.querySelector<HTMLElement>(".entry")?.focus();
    this.#wasOpen = isOpen;
    const mark = state.unread > 0 ? `(${state.unread}) ` : "";
    document.title = `${mark}${state.open === null ? "Chat" : state.titleOf(state.open)} · shyim`;
  }
}

/** What stands where no conversation does. */
function nothingText({ openKey, lists }: Chat["state"]): string {
  const isMissing = openKey !== null && lists === "ready";
  return isMissing ? "There is no such conversation here." : "Choose a conversation, or begin one.";
}

function listHead(chat: Chat, { navigate, signOut }: ChatPageActions): HTMLElement {
  const { me } = chat.state;
  const leave = (): void => {
    const { outgoing } = chat.state;
    if (outgoing.waiting + outgoing.undecided > 0) showSignOutDialog(outgoing, signOut);
    else signOut();
  };
  return element(
    "header",
    { class: "list-pane__head" },
    avatar("single", me.userId, me.nickname),
    element("h1", {}, me.nickname),
    iconButton("person", "Add contact", () => showContactDialog(chat, navigate)),
    iconButton("group", "New group", () => showGroupDialog(chat, navigate)),
    iconButton("leave", "Sign out", leave),
  );
}
