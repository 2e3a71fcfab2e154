import { deleteIndexedDbStore } from "shyim/client";
import { Chat, storeName } from "./chat.js";
import { keepsakes } from "./keepsakes.js";
import type { Account } from "./model.js";
import { Accounts } from "./net/account.js";
import { Api } from "./net/api.js";
import { ChatState } from "./state/chat-state.js";
import { Outgoing } from "./state/outgoing.js";
import { ReadMarks } from "./state/read-marks.js";
import { RefusedTexts } from "./state/refused-texts.js";
import { Announcer } from "./views/announcer.js";
import { ChatPage } from "./views/chat-page.js";
import { closeDialogs } from "./views/dialog.js";
import { Navigation } from "./views/navigation.js";
import { signInPage } from "./views/sign-in.js";
import { Toasts } from "./views/toast.js";
import { previewOf } from "./words.js";

const app = document.getElementById("app") as HTMLElement;
const announcer = new Announcer(document.getElementById("announcer") as HTMLElement);
const browser = keepsakes(() => localStorage);
const accounts = new Accounts(browser);
const navigation = new Navigation();

const account = accounts.current;
if (account === null) showSignIn(null);
else showChat(account);

/** @param reason why, when it is not the user's wish */
function showSignIn(reason: string | null): void {
  document.title = "Sign in · shyim";
  const enter = (signedIn: Account): void => {
    accounts.remember(signedIn);
    showChat(signedIn);
  };
  app.replaceChildren(signInPage(enter, reason));
}

function showChat(me: Account): void {
  const toasts = new Toasts();
  const outgoing = new Outgoing(new RefusedTexts(me.userId, browser));
  const state = new ChatState(me, new ReadMarks(me.userId, browser), outgoing);
  const signedOut = (): void => leave("You were signed out. Sign in again.");
  const nameOf = (userId: string | null): string => state.nameOf(userId);
  const chat = new Chat(state, new Api(me.token, signedOut), {
    arrived: (message) => announcer.say(`${titleOf(state, message)}: ${previewOf(message, nameOf)}`),
    refused: ({ error }) => announcer.say(`Not sent: ${error?.message ?? ""}`),
    failed: (sentence) => toasts.show(sentence),
    signedOut,
  });
  const page = new ChatPage(chat, toasts, { navigate: (key) => navigation.go(key), signOut: () => leave(null) });
  const listening = new AbortController();
  const { signal } = listening;
  navigation.listen((key) => chat.open(key), signal);
  document.addEventListener("visibilitychange", () => chat.seen(), { signal });
  chat.open(navigation.key);
  app.replaceChildren(page.node);

  function leave(reason: string | null): void {
    if (signal.aborted) return;
    listening.abort();
    closeDialogs();
    page.remove();
    accounts.forget(me);
    navigation.reset();
    const isAllSent = outgoing.waiting === 0;
    void chat.close().then(() => (isAllSent && reason === null ? forget(me) : undefined));
    showSignIn(reason);
  }
}

/** Who signs out with nothing left to send leaves no message behind on this device. */
async function forget({ userId }: Account): Promise<void> {
  // Another tab of the same user may have it open: then it stays there.
  await deleteIndexedDbStore(storeName(userId)).catch(() => {});
}

/** Who speaks, and in which group. */
function titleOf(state: ChatState, { senderId, conversation }: Parameters<Chat["state"]["received"]>[0]): string {
  const place = conversation.kind === "group" ? state.titleOf(state.conversation(conversation)) : null;
  if (senderId === null) return place ?? "Announcement";
  return place === null ? state.nameOf(senderId) : `${state.nameOf(senderId)} in ${place}`;
}
