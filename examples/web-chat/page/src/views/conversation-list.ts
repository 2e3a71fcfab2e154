import { keyOf } from "../model.js";
import type { ChatState } from "../state/chat-state.js";
import type { Conversation } from "../state/conversation.js";
import { noticeIn } from "../state/notice.js";
import { bodyText, momentText, previewOf } from "../words.js";
import { avatar } from "./avatar.js";
import { element, hiddenText, setText } from "./element.js";
import { KeyedList, type View } from "./keyed-list.js";

interface Entry {
  readonly key: string;
  readonly conversation: Conversation;
  readonly title: string;
  readonly preview: string;
  readonly moment: string;
  readonly isCurrent: boolean;
}

/** What can be done with the list. */
export interface ListActions {
  /** Called with the key of the chosen conversation. */
  readonly open: (key: string) => void;
  /** For who has nobody to write to yet. */
  readonly begin: () => void;
  /** Asks for the list again. */
  readonly load: () => void;
}

const EMPTY: Readonly<Record<ChatState["lists"], string>> = {
  loading: "Loading…",
  failed: "Your contacts could not be loaded.",
  ready: "Nobody here yet. Whom do you want to write to?",
};

/** Everybody and every group, the newest first. */
export function conversationList({ open, begin, load }: ListActions): View<ChatState> {
  const list = element("ul", { class: "list" });
  const emptyText = element("p");
  const first = element("button", { type: "button", class: "button button--main", onclick: begin }, "Add a contact");
  const again = element("button", { type: "button", class: "button", onclick: load }, "Try again");
  const empty = element("div", { class: "list__empty" }, emptyText, first, again);
  const node = element("nav", { "aria-label": "Conversations", class: "list-pane__scroll" }, list, empty);
  const entries = new KeyedList<Entry>(
    list,
    ({ key }) => key,
    (entry) => entryView(entry, open),
  );
  return {
    node,
    update: (state) => {
      const shown = state.conversations().map((conversation) => entryOf(state, conversation, Date.now()));
      entries.update(shown);
      empty.hidden = shown.length > 0 && state.lists !== "failed";
      first.hidden = state.lists !== "ready";
      again.hidden = state.lists !== "failed";
      setText(emptyText, EMPTY[state.lists]);
    },
  };
}

function entryOf(state: ChatState, conversation: Conversation, now: number): Entry {
  const key = keyOf(conversation.address);
  const pending = state.outgoing.of(key).at(-1);
  const at = pending?.composedAt ?? conversation.latest?.sentAt;
  return {
    ...{ key, conversation, title: state.titleOf(conversation) },
    preview: pending === undefined ? latestText(state, conversation) : `You: ${bodyText(pending)}`,
    moment: at === undefined ? "" : momentText(at, now),
    isCurrent: state.openKey === key,
  };
}

function latestText(state: ChatState, { latest, address }: Conversation): string {
  if (latest === undefined) return address.kind === "single" ? "Say hello" : "";
  const text = previewOf(latest, (userId) => state.nameOf(userId));
  if (noticeIn(latest) !== null) return text;
  if (latest.senderId === state.me.userId) return `You: ${text}`;
  return address.kind === "group" ? `${state.nameOf(latest.senderId)}: ${text}` : text;
}

function entryView({ key, conversation: { address } }: Entry, open: (key: string) => void): View<Entry> {
  const title = element("span", { class: "entry__title" });
  const unread = element("span", { class: "entry__unread" });
  const preview = element("span", { class: "entry__preview" });
  const moment = element("span", { class: "entry__moment" });
  const face = element("span", { class: "entry__face" });
  const button = element(
    "button",
    { type: "button", class: "entry", onclick: () => open(key) },
    face,
    title,
    hiddenText(", "),
    unread,
    preview,
    moment,
  );
  let shownTitle: string | null = null;
  return {
    node: element("li", {}, button),
    update: (entry) => {
      if (entry.title !== shownTitle) face.replaceChildren(avatar(address.kind, address.id, entry.title));
      shownTitle = entry.title;
      setText(title, entry.title);
      setText(preview, entry.preview);
      setText(moment, entry.moment);
      const { unread: number } = entry.conversation;
      unread.hidden = number === 0;
      if (number > 0) unread.replaceChildren(String(number), hiddenText(" unread, "));
      button.classList.toggle("entry--unread", number > 0);
      if (entry.isCurrent) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    },
  };
}
