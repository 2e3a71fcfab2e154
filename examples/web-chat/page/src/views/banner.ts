import type { ClientState, ClosedState } from "shyim/client";
import type { ChatState } from "../state/chat-state.js";
import { count } from "../words.js";
import { element, setText } from "./element.js";
import { icon } from "./icon.js";
import type { View } from "./keyed-list.js";

/** Further behind than this, catching up takes long enough to be mentioned, messages. */
const MANY = 50;
/** Close code of a session whose place a newer one has taken. */
const REPLACED = 4409;

/** What the banner offers besides its text. */
export interface BannerActions {
  /** Takes the place back that another device has taken. */
  readonly reconnect: () => void;
}

/** The line above everything while the connection is not as it should be. */
export function banner({ reconnect }: BannerActions): View<ChatState> {
  const text = element("span");
  const again = element("button", { type: "button", class: "link", onclick: reconnect });
  const bar = element("div", { class: "banner__bar" }, icon("offline"), text, again);
  // The region itself is always there: only then do screen readers notice that something comes into it.
  const node = element("div", { class: "banner", role: "status" }, bar);
  return {
    node,
    update: (state) => {
      const said = state.storeTrouble ?? bannerText(state.connection, state.outgoing.waiting);
      bar.hidden = said === null;
      again.hidden = state.connection.name !== "closed";
      setText(again, isReplaced(state.connection) ? "Go on here" : "Connect again");
      setText(text, said ?? "");
    },
  };
}

/** What to say of a connection; `null` when there is nothing to say. */
export function bannerText(connection: ClientState, waiting: number): string | null {
  switch (connection.name) {
    case "offline":
    case "online":
      return null;
    case "syncing":
      return behind(connection.head - connection.cursor);
    case "connecting":
      return connection.attempt > 1 ? offline(waiting) : null;
    case "waiting":
      return offline(waiting);
    case "closed":
      return endText(connection);
  }
}

/** Why the chat has ended here. */
export function endText(closed: ClosedState): string {
  if (isReplaced(closed)) return "The chat goes on where you signed in last.";
  return `The connection has ended: ${closed.error.message}.`;
}

function isReplaced(connection: ClientState): boolean {
  return connection.name === "closed" && connection.closeCode === REPLACED;
}

function behind(messages: number): string | null {
  return messages > MANY ? `Catching up, ${count(messages, "message")} to go` : null;
}

function offline(waiting: number): string {
  if (waiting === 0) return "You are offline. What you write goes out when you are back.";
  const what = `${count(waiting, "message")} ${waiting === 1 ? "is" : "are"} waiting`;
  return `You are offline. ${what} and will be sent when you are back.`;
}
