import { Chat } from "./chat.js";
import { type Account, forgetAccount, rememberAccount, rememberedAccount } from "./net/account.js";
import { Api } from "./net/api.js";
import { ChatState } from "./state/chat-state.js";
import { ReadMarks } from "./state/read-marks.js";
import { Announcer } from "./views/announcer.js";
import { ChatPage } from "./views/chat-page.js";
import { signInPage } from "./views/sign-in.js";
import { Toasts } from "./views/toast.js";
import { bodyText } from "./words.js";

const app = document.getElementById("app") as HTMLElement;
const announcer = new Announcer(document.getElementById("announcer") as HTMLElement);

const account = rememberedAccount();
if (account === null) showSignIn(null);
else showChat(account);

/** @param reason why, when it is not the user's wish */
function showSignIn(reason: string | null): void {
  document.title = "Sign in · shyim";
  const enter = (signedIn: Account): void => {
    rememberAccount(signedIn);
    showChat(signedIn);
  };
  app.replaceChildren(signInPage(enter, reason));
}

function showChat(me: Account): void {
  const toasts = new Toasts();
  const state = new ChatState(me, new ReadMarks(me.userId, localStorage));
  const chat = new Chat(state, new Api(me.token), {
    arrived: ({ senderId, type, text }) =>
      announcer.say(`${state.nameOf(senderId)}: ${bodyText({ type, ...(text !== undefined && { text }) })}`),
    failed: (sentence) => toasts.show(sentence),
    signedOut: () => leave("You were signed out. Sign in again."),
  });
  const page = new ChatPage(chat, toasts, { navigate, signOut: () => leave(null) });
  const listening = new AbortController();
  const { signal } = listening;
  addEventListener("hashchange", () => chat.open(openKey()), { signal });
  document.addEventListener("visibilitychange", () => chat.seen(), { signal });
  chat.open(openKey());
  app.replaceChildren(page.node);

  function leave(reason: string | null): void {
    if (signal.aborted) return;
    listening.abort();
    void chat.close();
    page.remove();
    forgetAccount(me);
    navigate(null);
    showSignIn(reason);
  }
}

/** The open conversation stands in the address line, so that the browser's own back button leads to the list. */
function navigate(key: string | null): void {
  location.hash = key ?? "";
}

function openKey(): string | null {
  return location.hash.slice(1) || null;
}
